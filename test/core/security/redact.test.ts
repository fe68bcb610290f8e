import { inspect } from 'node:util';
import { expect } from 'chai';
import { escapeControl, redactFields, Secret } from '#core/security/redact.js';

const CANARY = 'CANARY-secret';

describe('core/security/redact, Secret', () => {
  it('prints [redacted] in every way that a value is printed', () => {
    const secret = new Secret(CANARY);
    const prints = [
      String(secret),
      ['a', secret].join(' '),
      'a'.concat(secret as unknown as string),
      JSON.stringify(secret),
      JSON.stringify({ deep: [secret] }),
      inspect(secret),
      inspect({ deep: [secret] }, { depth: 5, showHidden: true }),
      inspect(new Map([[secret, secret]])),
      Object.entries(secret).join(),
    ];
    expect(prints.filter((text) => text.includes(CANARY))).to.deep.equal([]);
    expect(prints[0]).to.equal('[redacted]');
    expect(prints[5]).to.equal('[redacted]');
  });

  it('gives its text to who asks for it by name', () => {
    expect(new Secret(CANARY).reveal()).to.equal(CANARY);
  });
});

describe('core/security/redact, redactFields', () => {
  const names = [
    'Authorization',
    'Proxy-Authorization',
    'cookie',
    'Set-Cookie',
    'password',
    'sftp_password',
    'userPassword',
    'unicodePwd',
    'bindDN',
    'privateKey',
    'private_key',
    'passphrase',
    'clientSecret',
    'access-token',
    'apiKey',
    'x-secret',
    'query',
    'secretKey',
  ];
  for (const name of names) {
    it(`hides the field ${name}, wherever it stands`, () => {
      const value = { outer: [{ [name]: CANARY, kept: 'kept' }], [name]: { nested: CANARY } };
      expect(redactFields(value)).to.deep.equal({
        outer: [{ [name]: '[redacted]', kept: 'kept' }],
        [name]: '[redacted]',
      });
    });
  }

  it('hides what a schema marks, and secrets by their type', () => {
    const value = { hostKey: CANARY, host_key: CANARY, nested: new Secret(CANARY), list: [new Secret(CANARY)] };
    expect(redactFields(value, ['host-key'])).to.deep.equal({
      hostKey: '[redacted]',
      host_key: '[redacted]',
      nested: '[redacted]',
      list: ['[redacted]'],
    });
  });

  it('leaves everything else as it is, and the original untouched', () => {
    const at = new Date(0);
    const value = {
      text: 'x',
      number: 1,
      yes: true,
      none: null,
      absent: undefined,
      at,
      list: [1, 'a'],
      tokenCount: 3,
      password: CANARY,
    };
    const copy = redactFields(value);
    expect(copy).to.deep.equal({ ...value, password: '[redacted]' });
    expect(value.password).to.equal(CANARY);
  });

  it('copes with bytes, maps and circles', () => {
    const circle: Record<string, unknown> = { bytes: Buffer.from(CANARY), map: new Map([['token', CANARY]]) };
    circle.self = circle;
    circle.twice = [at, at];
    expect(redactFields(circle)).to.deep.equal({
      bytes: '[binary]',
      map: { token: '[redacted]' },
      self: '[circular]',
      twice: [{ same: 1 }, { same: 1 }],
    });
  });
  const at = { same: 1 };

  it('keeps a key __proto__ a key', () => {
    const copy = redactFields(JSON.parse('{"__proto__": {"polluted": 1}}')) as object;
    expect(Object.keys(copy)).to.deep.equal(['__proto__']);
    expect(Object.getPrototypeOf(copy)).to.equal(Object.prototype);
  });

  it('returns plain values as they are', () => {
    for (const value of ['text', 7, null, undefined]) expect(redactFields(value)).to.equal(value);
    expect(redactFields(new Secret(CANARY))).to.equal('[redacted]');
  });
});

describe('core/security/redact, escapeControl', () => {
  const cases: [string, string, string][] = [
    ['a forged log line', 'x\r\n{"level":"info"}', String.raw`x\r\n{"level":"info"}`],
    ['a colour', '\u001b[31mred', String.raw`\x1b[31mred`],
    ['a link of a terminal', '\u001b]8;;http://x\u0007', String.raw`\x1b]8;;http://x\x07`],
    ['an eight-bit control', '\u009b31m', String.raw`\x9b31m`],
    ['NUL, tab, delete', '\u0000\t\u007f', String.raw`\x00\t\x7f`],
    ['text turned around', 'Ada\u202egnp', String.raw`Ada\u202egnp`],
    ['isolates and marks', '\u2066\u2069\u200e\u200f\u061c', String.raw`\u2066\u2069\u200e\u200f\u061c`],
    ['line separators', '\u2028\u2029', String.raw`\u2028\u2029`],
    ['half a character', 'a\ud800b', String.raw`a\ud800b`],
  ];
  for (const [what, text, expected] of cases) {
    it(`spells out ${what}`, () => {
      expect(escapeControl(text)).to.equal(expected);
    });
  }

  it('leaves names of people alone', () => {
    const names = [
      'Zoë Müller-Łęcki',
      'محمد',
      'می\u200cخواهم',
      '山田 太郎',
      '👩\u200d💻',
      "O'Neil <b>",
      String.raw`back\slash`,
    ];
    for (const name of names) expect(escapeControl(name)).to.equal(name);
  });
});
