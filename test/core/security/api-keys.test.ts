import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import type { ApiKeyRequest, Rollcall } from '@rollcall/core';
import { verifyChain } from '#core/security/audit.js';
import { newToken, prefixOf, isToken } from '#core/security/api-key-token.js';
import { Store } from '#core/store/store.js';
import { rawRows } from '#core/store/table.js';
import { FIRST_DAY, NEXT_DAY, TestProject } from '../../support/project.js';
import { onBothStores } from '../../support/stores.js';
import { refusalOf } from '../reading/refusal.js';

const REQUEST: ApiKeyRequest = { name: 'intranet', tenants: ['acme'], rights: ['read'], by: 'kim' };
const LATER = '2026-03-09T08:30:00Z';

describe('core/security/api-key-token', () => {
  it('draws 256 bits, shows a prefix that tells nothing, and keeps a hash', () => {
    const tokens = Array.from({ length: 200 }, () => newToken());
    expect(new Set(tokens.map(({ token }) => token.reveal())).size).to.equal(200);
    for (const { token, prefix, hash } of tokens) {
      const text = token.reveal();
      const secret = /^rck_[0-9a-z]{12}_([\w-]{43})[0-9a-f]{6}$/.exec(text)?.[1] ?? '';
      expect(Buffer.from(secret, 'base64url')).to.have.length(32);
      expect(text.startsWith(`${prefix}_`)).to.equal(true);
      expect(hash).to.equal(createHash('sha256').update(text).digest('hex'));
      expect(prefixOf(text)).to.equal(prefix);
      expect(isToken(text, hash)).to.equal(true);
      expect(JSON.stringify({ token })).to.not.contain(text);
    }
  });

  it('takes nothing else for a token: a changed character, another text, a token that nobody stored', () => {
    const { token, hash, prefix } = newToken();
    const text = token.reveal();
    for (let i = 0; i < text.length; i++) {
      const changed = `${text.slice(0, i)}${text[i] === 'a' ? 'b' : 'a'}${text.slice(i + 1)}`;
      expect(prefixOf(changed), changed).to.equal(null);
      expect(isToken(changed, hash), changed).to.equal(false);
    }
    for (const other of ['', 'rck_', prefix, `${text} `, ` ${text}`, `${text}\n`, 'Bearer', '\0'])
      expect(prefixOf(other), other).to.equal(null);
    expect(isToken(text, null)).to.equal(false);
    expect(isToken('x', null)).to.equal(false);
  });
});

onBothStores('core/api-key-door', (kind) => {
  let project: TestProject;
  let rollcall: Rollcall;
  let now: Date;

  beforeEach(async () => {
    project = await TestProject.create(kind);
    await project.apply(FIRST_DAY);
    now = new Date(FIRST_DAY);
    rollcall = await project.openWith({ now: () => now });
  });
  afterEach(async () => {
    await rollcall.close();
    await project.remove();
  });

  const at = (instant: string): void => {
    now = new Date(instant);
  };

  const rows = async <Row>(text: string): Promise<Row[]> => {
    const store = new Store(project.store.configuration);
    try {
      return await store.read((sql) => rawRows<Row>(sql, text));
    } finally {
      await store.close();
    }
  };

  it('makes a key that is good for its tenants and rights, and shows the token once', async () => {
    const { apiKey, token } = await rollcall.apiKeys.create({ ...REQUEST, rights: ['write', 'read', 'read'] });
    expect(apiKey).to.deep.equal({
      id: apiKey.id,
      name: 'intranet',
      tenants: ['acme'],
      rights: ['read', 'write'],
      consumer: { inactive: 'kept', genericType: false },
      createdAt: FIRST_DAY,
      createdBy: 'kim',
      expiresAt: null,
      revokedAt: null,
      revokedBy: null,
      lastUsedAt: null,
      tokens: [{ prefix: token.slice(0, 16), createdAt: FIRST_DAY, expiresAt: null }],
    });
    expect(apiKey.id).to.match(/^key-/);
    expect(await rollcall.apiKeys.verify(token)).to.deep.equal({
      keyId: apiKey.id,
      tenants: ['acme'],
      rights: ['read', 'write'],
      consumer: { inactive: 'kept', genericType: false },
    });
    expect(JSON.stringify(await rollcall.apiKeys.list())).to.not.contain(token.slice(17));
  });

  it('remembers how its consumer wants to see people, and refuses what it does not know', async () => {
    const consumer = { inactive: 'deleted', genericType: true } as const;
    const { apiKey, token } = await rollcall.apiKeys.create({ ...REQUEST, consumer });
    expect(apiKey.consumer).to.deep.equal(consumer);
    expect((await rollcall.apiKeys.verify(token))?.consumer).to.deep.equal(consumer);
    const { apiKey: rotated } = await rollcall.apiKeys.rotate(apiKey.id, { overlapSeconds: 0, by: 'kim' });
    expect(rotated.consumer).to.deep.equal(consumer);
    const wrong = { ...REQUEST, consumer: { inactive: 'gone' as 'deleted' } };
    expect((await refusalOf(rollcall.apiKeys.create(wrong))).code).to.equal('RC_API_KEY_REQUEST');
  });

  it('is good for all tenants where it says so', async () => {
    const { token } = await rollcall.apiKeys.create({ ...REQUEST, tenants: null });
    expect((await rollcall.apiKeys.verify(token))?.tenants).to.equal(null);
  });

  it('knows a wrong token, another one with the same prefix, and no text at all as nobody', async () => {
    const { token } = await rollcall.apiKeys.create(REQUEST);
    const other = newToken().token.reveal();
    const mixed = `${token.slice(0, 17)}${other.slice(17)}`;
    for (const wrong of [other, mixed, token.slice(0, -1), '', 'x'.repeat(100_000), "' OR 1=1--", '\0'])
      expect(await rollcall.apiKeys.verify(wrong), wrong.slice(0, 40)).to.equal(null);
  });

  it('ends a key at its instant, not before', async () => {
    const { token } = await rollcall.apiKeys.create({ ...REQUEST, expiresAt: LATER });
    at('2026-03-09T08:29:59.999Z');
    expect(await rollcall.apiKeys.verify(token)).to.not.equal(null);
    at(LATER);
    expect(await rollcall.apiKeys.verify(token)).to.equal(null);
  });

  it('rotates with an overlap in which both tokens are good', async () => {
    const first = await rollcall.apiKeys.create(REQUEST);
    const second = await rollcall.apiKeys.rotate(first.apiKey.id, { overlapSeconds: 1_800, by: 'kim' });
    expect(second.apiKey.id).to.equal(first.apiKey.id);
    expect(second.apiKey.tokens.map(({ expiresAt }) => expiresAt).sort()).to.deep.equal([LATER, null].sort());
    const isGood = async (token: string): Promise<boolean> => (await rollcall.apiKeys.verify(token)) !== null;
    expect([await isGood(first.token), await isGood(second.token)]).to.deep.equal([true, true]);
    at(LATER);
    expect([await isGood(first.token), await isGood(second.token)]).to.deep.equal([false, true]);
    // A second rotation without overlap, named by the prefix of its token.
    const third = await rollcall.apiKeys.rotate(second.token.slice(0, 16), { overlapSeconds: 0, by: 'kim' });
    expect([await isGood(second.token), await isGood(third.token)]).to.deep.equal([false, true]);
  });

  it('revokes all tokens of a key at once, twice if need be', async () => {
    const first = await rollcall.apiKeys.create(REQUEST);
    const second = await rollcall.apiKeys.rotate(first.apiKey.id, { overlapSeconds: 60, by: 'kim' });
    const revoked = await rollcall.apiKeys.revoke(first.apiKey.id, 'robin');
    expect([revoked.revokedAt, revoked.revokedBy]).to.deep.equal([FIRST_DAY, 'robin']);
    for (const { token } of [first, second]) expect(await rollcall.apiKeys.verify(token)).to.equal(null);
    at(NEXT_DAY);
    expect((await rollcall.apiKeys.revoke(first.apiKey.id, 'kim')).revokedBy).to.equal('robin');
    const refusal = await refusalOf(rollcall.apiKeys.rotate(first.apiKey.id, { overlapSeconds: 0, by: 'kim' }));
    expect(refusal.code).to.equal('RC_API_KEY_REVOKED');
  });

  it('refuses what makes no key', async () => {
    const refusals: Partial<ApiKeyRequest>[] = [
      { tenants: [] },
      { tenants: ['acne'] },
      { rights: [] },
      { rights: ['root' as 'admin'] },
      { name: ' ' },
      { name: 'x'.repeat(201) },
      { expiresAt: '2026-03-09T08:00:00Z' },
    ];
    for (const part of refusals) {
      const { code, exitCode } = await refusalOf(rollcall.apiKeys.create({ ...REQUEST, ...part }));
      expect([code, exitCode], JSON.stringify(part)).to.deep.equal(['RC_API_KEY_REQUEST', 64]);
    }
    expect((await refusalOf(rollcall.apiKeys.revoke('key-none', 'kim'))).code).to.equal('RC_API_KEY_NOT_FOUND');
    expect((await rollcall.apiKeys.list()).items).to.deep.equal([]);
  });

  it('lists keys page by page, revoked ones when asked for all', async () => {
    const made = [];
    for (const name of ['one', 'two', 'three']) made.push((await rollcall.apiKeys.create({ ...REQUEST, name })).apiKey);
    await rollcall.apiKeys.revoke(made[1]?.id ?? '', 'kim');
    const first = await rollcall.apiKeys.list({ all: true, limit: 2 });
    const rest = await rollcall.apiKeys.list({ all: true, limit: 2, after: String(first.next) });
    expect([...first.items, ...rest.items].map(({ name }) => name)).to.deep.equal(['one', 'two', 'three']);
    expect((await rollcall.apiKeys.list()).items.map(({ name }) => name)).to.deep.equal(['one', 'three']);
  });

  it('remembers the last use coarsely: not every request writes', async () => {
    const { apiKey, token } = await rollcall.apiKeys.create(REQUEST);
    const usedAt = async (): Promise<string | null> => {
      await rollcall.close();
      rollcall = await project.openWith({ now: () => now });
      return (await rollcall.apiKeys.list()).items.find(({ id }) => id === apiKey.id)?.lastUsedAt ?? null;
    };
    await Promise.all([1, 2, 3].map(() => rollcall.apiKeys.verify(token)));
    expect(await usedAt()).to.equal(FIRST_DAY);
    at('2026-03-09T08:04:00Z');
    await rollcall.apiKeys.verify(token);
    expect(await usedAt()).to.equal(FIRST_DAY);
    at(LATER);
    await rollcall.apiKeys.verify(token);
    expect(await usedAt()).to.equal(LATER);
  });

  it('writes what was done with keys into the audit chain, and no part of a token', async () => {
    const { apiKey, token } = await rollcall.apiKeys.create(REQUEST);
    await rollcall.apiKeys.rotate(apiKey.id, { overlapSeconds: 60, by: 'robin' });
    await rollcall.apiKeys.revoke(apiKey.id, 'kim');
    await Promise.all(['a', 'b', 'c'].map((name) => rollcall.apiKeys.create({ ...REQUEST, name, tenants: null })));
    interface Row {
      tenant_id: string;
      no: number;
      at: string;
      who: string;
      action: string;
      detail: string;
      hash: string;
    }
    const found = await rows<Row>('SELECT * FROM audit ORDER BY tenant_id, no');
    expect(found.map((row) => [row.tenant_id, row.no, row.who, row.action])).to.deep.equal([
      ['*', 1, 'kim', 'apikey.created'],
      ['*', 2, 'kim', 'apikey.created'],
      ['*', 3, 'kim', 'apikey.created'],
      ['acme', 1, 'kim', 'apikey.created'],
      ['acme', 2, 'robin', 'apikey.rotated'],
      ['acme', 3, 'kim', 'apikey.revoked'],
    ]);
    for (const tenant of ['*', 'acme']) {
      const chain = found
        .filter((row) => row.tenant_id === tenant)
        .map(({ no, at: when, who, action, detail, hash }) => ({
          sequence: no,
          entry: { no, at: when, who, action, detail: JSON.parse(detail) as Record<string, string> },
          hash,
        }));
      expect(verifyChain(chain).ok, tenant).to.equal(true);
    }
    expect(JSON.stringify(found)).to.not.contain(token.slice(17, 40));
  });

  it('keeps no token in any table or file of the database', async () => {
    const { token } = await rollcall.apiKeys.create(REQUEST);
    await rollcall.apiKeys.verify(token);
    await rollcall.close();
    const secret = token.slice(17);
    const stored = JSON.stringify([
      await rows('SELECT * FROM api_key'),
      await rows('SELECT * FROM api_key_token'),
      await rows('SELECT * FROM audit'),
    ]);
    expect(stored).to.contain(token.slice(0, 16)).and.not.contain(secret);
    if (project.store.configuration.client === 'sqlite3') {
      const folder = path.dirname(project.store.configuration.file);
      for (const name of await readdir(folder))
        expect((await readFile(path.join(folder, name))).includes(secret), name).to.equal(false);
    }
    rollcall = await project.openWith({ now: () => now });
  });
});
