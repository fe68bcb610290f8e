import { randomBytes } from 'node:crypto';
import { isRollcallError, type RollcallError } from '@rollcall/connector-kit';
import { expect } from 'chai';
import { keyIdOf, readKey, SecretBox, type SecretAddress } from '#core/security/secret-box.js';

const key = Buffer.alloc(32, 7);
const otherKey = Buffer.alloc(32, 8);
const at: SecretAddress = { tenant: 'acme', directory: 'hr', field: '/from/sftp/password', version: 1 };
const SECRET = 'CANARY-pässwörd';

function refusal(run: () => unknown): RollcallError {
  try {
    run();
  } catch (error) {
    if (isRollcallError(error)) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

describe('core/security/secret-box', () => {
  const box = new SecretBox(key);

  it('gives back what it took', () => {
    for (const text of [SECRET, '', 'x'.repeat(10_000), '\u0000\n🔑']) {
      expect(box.open(box.seal(text, at), at).reveal()).to.equal(text);
    }
  });

  it('writes v1.kekId.nonce.ct.tag, and nothing of the secret or the key', () => {
    const envelope = box.seal(SECRET, at);
    expect(envelope).to.match(/^v1\.[0-9a-f]{16}\.[\w-]{16}\.[\w-]{80,}\.[\w-]{22}$/);
    expect(envelope.split('.')[1]).to.equal(keyIdOf(key));
    for (const encoding of ['utf8', 'base64', 'base64url', 'hex'] as const) {
      expect(envelope).not.to.include(Buffer.from(SECRET).toString(encoding));
      expect(envelope).not.to.include(key.toString(encoding));
    }
  });

  it('tells keys apart', () => {
    expect(keyIdOf(key)).to.equal(keyIdOf(Buffer.from(key)));
    expect(keyIdOf(key)).not.to.equal(keyIdOf(otherKey));
  });

  it('never repeats a nonce or a wrapped key', () => {
    const times = 10_000;
    const nonces = new Set<string>();
    const wrappedKeys = new Set<string>();
    for (let i = 0; i < times; i += 1) {
      const [, , nonce = '', body = ''] = box.seal('same', at).split('.');
      nonces.add(nonce);
      wrappedKeys.add(body.slice(0, 80));
    }
    expect([nonces.size, wrappedKeys.size]).to.deep.equal([times, times]);
  }).timeout(60_000);

  const elsewhere: [string, Partial<SecretAddress>][] = [
    ['tenant', { tenant: 'beta' }],
    ['directory', { directory: 'it' }],
    ['field', { field: '/from/sftp/privateKey' }],
    ['version', { version: 2 }],
  ];
  for (const [part, change] of elsewhere) {
    it(`does not open at another ${part}`, () => {
      expect(refusal(() => box.open(box.seal(SECRET, at), { ...at, ...change }))).to.include({
        code: 'RC_SECRET_UNREADABLE',
        exitCode: 78,
      });
    });
  }

  it('refuses the ciphertexts of two tenants when they are swapped', () => {
    const beta = { ...at, tenant: 'beta' };
    const [ours, theirs] = [box.seal('ours', at), box.seal('theirs', beta)];
    expect(refusal(() => box.open(theirs, at)).code).to.equal('RC_SECRET_UNREADABLE');
    expect(refusal(() => box.open(ours, beta)).code).to.equal('RC_SECRET_UNREADABLE');
    expect(box.open(theirs, beta).reveal()).to.equal('theirs');
  });

  it('refuses parts of two envelopes put together', () => {
    const [a, b] = [box.seal('first', at).split('.'), box.seal('other', at).split('.')];
    for (const part of [2, 3, 4]) {
      const mixed = a.map((text, index) => (index === part ? b[index] : text)).join('.');
      expect(refusal(() => box.open(mixed, at)).code, `part ${part}`).to.equal('RC_SECRET_UNREADABLE');
    }
  });

  it('keeps apart addresses whose parts hold the separator', () => {
    const one = { ...at, tenant: 'a|b', directory: 'c' };
    const two = { ...at, tenant: 'a', directory: 'b|c' };
    const three = { ...at, tenant: 'a%7Cb', directory: 'c' };
    const envelope = box.seal(SECRET, one);
    expect(box.open(envelope, one).reveal()).to.equal(SECRET);
    for (const other of [two, three])
      expect(refusal(() => box.open(envelope, other)).code).to.equal('RC_SECRET_UNREADABLE');
  });

  it('notices each byte that is flipped', () => {
    const envelope = box.seal(SECRET, at);
    const bytes = Buffer.from(envelope, 'ascii');
    for (let index = 0; index < bytes.length; index += 1) {
      for (const bit of [1, 2, 4, 8, 16, 32, 64]) {
        const changed = Buffer.from(bytes);
        changed[index] = (changed[index] ?? 0) ^ bit;
        const error = refusal(() => box.open(changed.toString('ascii'), at));
        expect(error.code, `byte ${index}`).to.match(/^RC_SECRET_(?:UNREADABLE|KEY_MISSING)$/);
        expect(error.exitCode).to.equal(78);
      }
    }
  });

  it('notices what is cut off or put on', () => {
    const envelope = box.seal(SECRET, at);
    for (const changed of [
      envelope.slice(0, -1),
      envelope.slice(0, -4),
      `${envelope}A`,
      `${envelope}.`,
      `${envelope}=`,
      ` ${envelope}`,
    ]) {
      expect(refusal(() => box.open(changed, at)).code, changed).to.equal('RC_SECRET_UNREADABLE');
    }
  });

  it('never takes a plain text for a secret', () => {
    for (const text of ['', 'hunter2', 'v1.plain', SECRET]) {
      const error = refusal(() => box.open(text, at));
      expect(error.code).to.equal('RC_SECRET_UNREADABLE');
      if (text !== '') expect(JSON.stringify([error.message, error.mend, error.where])).not.to.include(text);
    }
  });

  it('says which key is missing', () => {
    const error = refusal(() => new SecretBox(otherKey).open(box.seal(SECRET, at), at));
    expect(error).to.include({ code: 'RC_SECRET_KEY_MISSING', exitCode: 78 });
    expect(error.message).to.include(keyIdOf(key));
    expect(error.where).to.deep.equal({ tenant: 'acme', directory: 'hr', attribute: '/from/sftp/password' });
  });

  it('does not open under another key that claims the id of the right one', () => {
    const forged = box.seal(SECRET, at).replace(keyIdOf(key), keyIdOf(otherKey));
    expect(refusal(() => new SecretBox(otherKey, [key]).open(forged, at)).code).to.equal('RC_SECRET_UNREADABLE');
  });

  it('reads with an older key until the secret is wrapped anew, and without it afterwards', () => {
    const old = box.seal(SECRET, at);
    const rotating = new SecretBox(otherKey, [key]);
    expect(rotating.needsRewrap(old)).to.equal(true);
    expect(rotating.open(old, at).reveal()).to.equal(SECRET);

    const fresh = rotating.rewrap(old, at);
    expect(rotating.needsRewrap(fresh)).to.equal(false);
    const rotated = new SecretBox(otherKey);
    expect(rotated.open(fresh, at).reveal()).to.equal(SECRET);
    expect(refusal(() => rotated.open(old, at)).code).to.equal('RC_SECRET_KEY_MISSING');
    expect(refusal(() => box.open(fresh, at)).code).to.equal('RC_SECRET_KEY_MISSING');
  });

  it('goes on with a rotation that was cut off half-way', () => {
    const stored = ['one', 'two', 'three'].map((text) => box.seal(text, at));
    const rotating = new SecretBox(otherKey, [key]);
    stored[0] = rotating.rewrap(stored[0] ?? '', at);
    const again = stored.map((envelope) => rotating.rewrap(envelope, at));
    expect(again[0]).to.equal(stored[0]);
    const rotated = new SecretBox(otherKey);
    expect(again.map((envelope) => rotated.open(envelope, at).reveal())).to.deep.equal(['one', 'two', 'three']);
  });

  it('wraps nothing anew that was changed, or that belongs elsewhere', () => {
    const rotating = new SecretBox(otherKey, [key]);
    const envelope = box.seal(SECRET, at);
    const last = envelope.endsWith('A') ? 'Q' : 'A';
    expect(refusal(() => rotating.rewrap(envelope.slice(0, -1) + last, at)).code).to.equal('RC_SECRET_UNREADABLE');
    expect(refusal(() => rotating.rewrap(envelope, { ...at, tenant: 'beta' })).code).to.equal('RC_SECRET_UNREADABLE');
    expect(refusal(() => rotating.rewrap('hunter2', at)).code).to.equal('RC_SECRET_UNREADABLE');
    expect(rotating.needsRewrap('hunter2')).to.equal(true);
  });

  it('hands out a secret that does not print itself', () => {
    const secret = box.open(box.seal(SECRET, at), at);
    expect(`${String(secret)} ${JSON.stringify({ secret })}`).to.equal('[redacted] {"secret":"[redacted]"}');
  });
});

describe('core/security/secret-box, the key', () => {
  it('reads 32 bytes of base64, with the line end of a file', () => {
    const random = randomBytes(32);
    expect(readKey(`${random.toString('base64')}\n`).equals(random)).to.equal(true);
  });

  const wrong: [string, string][] = [
    ['nothing', ''],
    ['31 bytes', Buffer.alloc(31, 1).toString('base64')],
    ['33 bytes', Buffer.alloc(33, 1).toString('base64')],
    ['hexadecimal', Buffer.alloc(32, 1).toString('hex')],
    ['no padding', Buffer.alloc(32, 1).toString('base64').slice(0, -1)],
    ['the alphabet of URLs', Buffer.alloc(32, 0xff).toString('base64url')],
    ['a space inside', Buffer.alloc(32, 1).toString('base64').replace('E', 'E ')],
    ['a password', 'CANARY-correct-horse-battery-staple'],
  ];
  for (const [what, text] of wrong) {
    it(`refuses ${what}, without repeating it`, () => {
      const error = refusal(() => readKey(text, { file: '.rollcall/secret.key' }));
      expect(error).to.include({ code: 'RC_SECRET_KEY_INVALID', exitCode: 78 });
      expect(error.where).to.deep.equal({ file: '.rollcall/secret.key' });
      if (text !== '') expect(error.message + error.mend).not.to.include(text);
    });
  }
});
