import { limitPerKey, type Surface } from '@rollcall/server';
import { expect } from 'chai';
import { NEXT_DAY } from '../support/project.js';
import { onBothStores } from '../support/stores.js';
import { refusalOf, TestService } from './support.js';

const USERS = '/v1/tenants/acme/users';

onBothStores('server/access', (kind) => {
  let service: TestService;
  beforeEach(async () => {
    service = await TestService.open(kind);
  });
  afterEach(() => service.close());

  const ask = async (token: string | null, path = USERS): Promise<[number, unknown]> =>
    refusalOf(await service.request(path, token));

  it('asks for a key, and says how to send it', async () => {
    const answer = await service.request(USERS, null);
    expect(refusalOf(answer)).to.deep.equal([401, 'RC_API_KEY_REQUIRED']);
    expect(answer.headers.get('www-authenticate')).to.equal('Bearer realm="rollcall"');
    for (const authorization of ['Basic YTpi', 'Bearer', 'Bearer ', 'rck_x', 'Bearer a b']) {
      const other = await service.request(USERS, null, { headers: { authorization } });
      expect(refusalOf(other), authorization).to.deep.equal([401, 'RC_API_KEY_REQUIRED']);
    }
  });

  it('takes no key from the address', async () => {
    const token = await service.key();
    expect(await ask(null, `${USERS}?access_token=${token}`)).to.deep.equal([401, 'RC_API_KEY_REQUIRED']);
  });

  it('answers one and the same to a wrong, a revoked and an expired key, and to a token after its rotation', async () => {
    const revoked = await service.key();
    await service.rollcall.apiKeys.revoke(revoked.slice(0, 16), 'test');
    const expired = await service.key({ expiresAt: '2026-03-09T09:00:00Z' });
    const rotated = await service.key();
    await service.rollcall.apiKeys.rotate(rotated.slice(0, 16), { overlapSeconds: 3_600, by: 'test' });
    expect([(await ask(expired))[0], (await ask(rotated))[0]]).to.deep.equal([200, 200]);
    service.now = new Date(NEXT_DAY);
    const wrong = `${revoked.slice(0, 17)}${expired.slice(17)}`;
    const texts = new Set<string>();
    for (const token of [wrong, 'rck_', 'x'.repeat(4_000), revoked, expired, rotated]) {
      const answer = await service.request(USERS, token, { headers: { 'x-request-id': 'same' } });
      expect(refusalOf(answer), token.slice(0, 20)).to.deep.equal([401, 'RC_API_KEY_INVALID']);
      texts.add(answer.text);
    }
    expect(texts.size).to.equal(1);
  });

  it('takes both tokens while a rotation overlaps', async () => {
    const first = await service.key();
    const { token } = await service.rollcall.apiKeys.rotate(first.slice(0, 16), { overlapSeconds: 60, by: 'test' });
    expect([(await ask(first))[0], (await ask(token))[0]]).to.deep.equal([200, 200]);
  });

  it('needs the right to read', async () => {
    expect(await ask(await service.key({ rights: ['write', 'admin'] }))).to.deep.equal([
      403,
      'RC_API_KEY_RIGHT_MISSING',
    ]);
  });

  it('answers a foreign tenant like one that is not there, even to a key without the right', async () => {
    const token = await service.key();
    const blind = await service.key({ rights: ['write'] });
    const headers = { 'x-request-id': 'same' };
    const answers = await Promise.all(
      [
        [token, 'bravo'],
        [token, 'nosuch'],
        [blind, 'bravo'],
        [await service.key({ tenants: null }), 'nosuch'],
      ].map(([key = '', tenant = '']) => service.request(`/v1/tenants/${tenant}/users`, key, { headers })),
    );
    expect(new Set(answers.map(({ text }) => text)).size).to.equal(1);
    expect(refusalOf(answers[0] ?? fail())).to.deep.equal([404, 'RC_TENANT_NOT_FOUND']);
  });

  it('guards the routes of a surface, too', async () => {
    const routes: Surface['routes'] = (scope, context) => {
      scope.addHook('onRequest', context.requireKey('write'));
      limitPerKey(scope, { requestsPerMinute: 2 });
      scope.get('/tenants/:tenant', (request) => ({ key: request.apiKey?.keyId }));
    };
    await service.server?.drain();
    await service.start({ surfaces: [{ name: 'writing', prefix: '/writing', routes }] });
    const writer = await service.key({ rights: ['write'] });
    expect(await ask(null, '/writing/tenants/acme')).to.deep.equal([401, 'RC_API_KEY_REQUIRED']);
    expect(await ask(await service.key(), '/writing/tenants/acme')).to.deep.equal([403, 'RC_API_KEY_RIGHT_MISSING']);
    expect(await ask(writer, '/writing/tenants/bravo')).to.deep.equal([404, 'RC_TENANT_NOT_FOUND']);
    expect((await service.request('/writing/tenants/acme', writer)).body.key).to.match(/^key-/);
    expect((await service.request('/writing/tenants/acme', writer)).status).to.equal(200);
    expect(await ask(writer, '/writing/tenants/acme')).to.deep.equal([429, 'RC_HTTP_RATE_LIMITED']);
  });

  it('lists the tenants that the key is good for', async () => {
    const tenantsOf = async (tenants: string[] | null): Promise<unknown> =>
      (await service.request('/v1/tenants', await service.key({ tenants }))).body.items;
    expect(await tenantsOf(['bravo'])).to.deep.equal([{ tenant: 'bravo' }]);
    expect(await tenantsOf(null)).to.deep.equal([{ tenant: 'acme' }, { tenant: 'bravo' }]);
  });
});

onBothStores('server/access: limits', (kind) => {
  let service: TestService;
  afterEach(() => service.close());

  it('limits the requests of one key, and of that key alone', async () => {
    service = await TestService.open(kind, { limits: { requestsPerMinute: 3 } });
    const [token, other] = [await service.key(), await service.key()];
    const statuses = [];
    for (let i = 0; i < 5; i++) statuses.push((await service.request(USERS, token)).status);
    expect(statuses).to.deep.equal([200, 200, 200, 429, 429]);
    const refused = await service.request(USERS, token);
    expect(refusalOf(refused)).to.deep.equal([429, 'RC_HTTP_RATE_LIMITED']);
    expect(Number(refused.headers.get('retry-after'))).to.be.within(1, 60);
    expect((await service.request(USERS, other)).status).to.equal(200);
  });

  it('looks no further at who guesses; the same key from another address is heard', async () => {
    service = await TestService.open(kind, { limits: { failuresPerMinute: 100 }, trustProxy: ['127.0.0.1'] });
    const token = await service.key();
    const from = (address: string, key: string): Promise<number> =>
      service.request(USERS, key, { headers: { 'x-forwarded-for': address } }).then(({ status }) => status);
    const statuses = new Map<number, number>();
    for (let i = 0; i < 110; i++) {
      const status = await from('192.0.2.7', 'rck_wrong');
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect([...statuses]).to.deep.equal([
      [401, 100],
      [429, 10],
    ]);
    expect([await from('192.0.2.7', token), await from('192.0.2.8', token)]).to.deep.equal([429, 200]);
  });
});

function fail(): never {
  throw new Error('There is no answer.');
}
