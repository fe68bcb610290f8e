import { readdirSync, readFileSync } from 'node:fs';
import type { JsonObject } from '@rollcall/connector-kit';
import { expect } from 'chai';
import { onBothStores } from '../support/stores.js';
import { ScimService, type ScimAnswer } from './scim-service.js';

const CASES = new URL('../../plugins/scim/cases/', import.meta.url);
const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

const caseOf = (name: string): JsonObject => JSON.parse(readFileSync(new URL(name, CASES), 'utf8')) as JsonObject;
const idOf = ({ document }: ScimAnswer): string => document.id as string;

/** What a client wrote of a resource, without what the server says. */
function written({ document }: ScimAnswer): JsonObject {
  return Object.fromEntries(Object.entries(document).filter(([key]) => !['id', 'schemas', 'meta'].includes(key)));
}

/** An error in SCIM's own form. */
function demandError(answer: ScimAnswer, status: number): void {
  expect(answer.status, answer.text).to.equal(status);
  expect(answer.document.schemas, answer.text).to.deep.equal([ERROR]);
  expect(answer.document.status).to.equal(String(status));
  expect(answer.document.detail).to.be.a('string');
  expect(answer.headers.get('content-type')).to.equal('application/scim+json; charset=utf-8');
  expect(answer.headers.get('x-request-id')).to.be.a('string');
}

onBothStores('server/scim', (kind) => {
  let service: ScimService;

  before(async () => {
    service = await ScimService.open(kind, { failuresPerMinute: 1_000 });
  });

  after(() => service.close());

  const patch = (path: string, ...Operations: JsonObject[]): Promise<ScimAnswer> =>
    service.send('PATCH', path, { body: { schemas: [PATCH_OP], Operations } });

  for (const file of readdirSync(new URL('bodies/', CASES)))
    it(`C1 to C3: takes the body ${file}`, async () => {
      const path = file.includes('group') ? '/Groups' : '/Users';
      const made = await service.send('POST', path, { body: caseOf(`bodies/${file}`) });
      expect(made.status, made.text).to.equal(201);
      const location = `${service.base}${path}/${idOf(made)}`;
      expect(made.headers.get('location')).to.equal(location);
      expect(made.document).to.not.have.property('password');
      const read = await service.send('GET', `${path}/${idOf(made)}`);
      expect(read.document).to.deep.equal(made.document);
      expect((await service.send('DELETE', `${path}/${idOf(made)}`)).status).to.equal(204);
    });

  for (const file of readdirSync(new URL('patch/', CASES)))
    it(`T1: ${file.replace('.json', '')}`, async () => {
      const { before: first, operations, expect: wanted, error } = caseOf(`patch/${file}`);
      const made = await service.send('POST', '/Users', { body: first as JsonObject });
      expect(made.status, made.text).to.equal(201);
      const path = `/Users/${idOf(made)}`;
      const sent = JSON.parse(JSON.stringify(operations).replaceAll('{id}', idOf(made))) as JsonObject[];
      const answer = await patch(path, ...sent);
      const now = await service.send('GET', path);
      if (error !== undefined) {
        const { status, scimType } = error as { status: number; scimType: string };
        demandError(answer, status);
        expect(answer.document.scimType).to.equal(scimType);
        expect(now.text).to.equal(made.text);
      } else {
        expect(answer.status, answer.text).to.equal(200);
        expect(written(now)).to.deep.equal(wanted);
      }
      await service.send('DELETE', path);
    });

  it('D1, D2: describes itself', async () => {
    for (const path of ['/ServiceProviderConfig', '/Schemas', '/ResourceTypes', '//scim/v2/ID/schemas/'])
      expect((await service.send('GET', path.replace('ID', service.id))).status).to.equal(200);
  });

  it('D3, D4: says in its own form what is not there or not supported', async () => {
    demandError(await service.send('GET', '/Nope'), 404);
    demandError(await service.send('POST', '/Bulk', { body: {} }), 501);
    demandError(await service.send('GET', '/Me'), 501);
    demandError(await service.send('OPTIONS', '/Users'), 405);
  });

  it('A1, A2: lets in by token alone, with and without its scheme', async () => {
    const asked = (authorization?: string): Promise<ScimAnswer> =>
      service.send('GET', '/Users?count=0', {
        token: null,
        headers: authorization === undefined ? {} : { authorization },
      });
    for (const good of [
      `Bearer ${service.token}`,
      `bearer ${service.token}`,
      service.token,
      `BEARER  ${service.token}`,
    ])
      expect((await asked(good)).status, good.slice(0, 8)).to.equal(200);
    for (const bad of [
      undefined,
      '',
      'Bearer',
      `Basic ${service.token}`,
      `${service.token}x`,
      'Bearer rcd_0',
      'Bearer ü',
    ]) {
      const answer = await asked(bad === 'Bearer ü' ? 'Bearer x y' : bad);
      demandError(answer, 401);
      expect(answer.headers.get('www-authenticate')).to.equal('Bearer realm="rollcall"');
    }
  });

  it('A3: tells nobody of a directory that is not theirs', async () => {
    const entra = await service.project.enter('entra');
    const bravo = await service.project.enter('okta', 'bravo');
    const bodies: string[] = [];
    for (const token of [entra.token, bravo.token]) {
      const answer = await service.send('GET', '/Users', { token });
      demandError(answer, 404);
      bodies.push(answer.text);
    }
    for (const id of ['dir-unknown', bravo.id, 'okta']) {
      const answer = await service.send('GET', `//scim/v2/${id}/Users`);
      demandError(answer, 404);
      bodies.push(answer.text);
    }
    expect(new Set(bodies).size).to.equal(1);
    const made = await service.send('POST', '/Users', { body: { userName: 'secret' } });
    demandError(await service.send('GET', `//scim/v2/${entra.id}/Users/${idOf(made)}`, { token: entra.token }), 404);
    const found = await service.send('GET', `//scim/v2/${bravo.id}/Users?filter=userName%20eq%20%22secret%22`, {
      token: bravo.token,
    });
    expect(found.document.totalResults).to.equal(0);
    await service.send('DELETE', `/Users/${idOf(made)}`);
  });

  it('keeps two tokens good while a rotation overlaps, and none that is revoked', async () => {
    const door = await service.project.tenant();
    const first = await door.directories.rotateToken('okta', { overlapSeconds: 60, by: 'test', label: 'first' });
    const second = await door.directories.rotateToken('okta', { overlapSeconds: 60, by: 'test', label: 'second' });
    const status = async (token: string): Promise<number> =>
      (await service.send('GET', '/Users?count=0', { token })).status;
    expect([await status(first.token), await status(second.token)]).to.deep.equal([200, 200]);
    await door.directories.revokeToken('okta', second.directoryToken.prefix, 'test');
    expect([await status(first.token), await status(second.token)]).to.deep.equal([200, 401]);
    service.project.now = new Date(service.project.now.getTime() + 61_000);
    expect(await status(first.token)).to.equal(401);
    const listed = await door.directories.tokens('okta');
    expect(JSON.stringify(listed)).to.not.include(first.token);
    ({ token: service.token } = await service.project.enter('okta'));
  });

  it('answers 403 while the directory is paused, and nobody leaves', async () => {
    const door = await service.project.tenant();
    const made = await service.send('POST', '/Users', { body: { userName: 'paused' } });
    await door.directories.pause('okta');
    for (const [method, path] of [
      ['GET', '/Users'],
      ['DELETE', `/Users/${idOf(made)}`],
    ] as const)
      demandError(await service.send(method, path), 403);
    await door.directories.resume('okta');
    expect((await service.send('DELETE', `/Users/${idOf(made)}`)).status).to.equal(204);
  });

  it('C4 to C8: refuses what is wrong and takes what is odd', async () => {
    const post = (body: JsonObject | string): Promise<ScimAnswer> => service.send('POST', '/Users', { body });
    demandError(await post({ displayName: 'x' }), 400);
    demandError(await post('{ "userName": '), 400);
    demandError(await post({ userName: 'x', active: 'maybe' }), 400);
    const made = await post({ USERNAME: 'Zoë 🦊', Emails: [{ value: 'z@x.io' }], id: 'mine' });
    expect(made.status).to.equal(201);
    expect(made.document).to.include({ userName: 'Zoë 🦊' });
    expect(idOf(made)).to.not.equal('mine');
    demandError(await post({ userName: 'ZOË 🦊' }), 409);
    const found = await service.send('GET', `/Users?filter=${encodeURIComponent('userName EQ "zoë 🦊"')}`);
    expect(found.document.totalResults).to.equal(1);
    demandError(await service.send('GET', '/Users?filter=((('), 400);
  });

  it('P1, P3: pages by index and by cursor while people come', async () => {
    for (let i = 0; i < 25; i += 1) await service.send('POST', '/Users', { body: { userName: `page-${i}` } });
    const filter = encodeURIComponent('userName sw "page-"');
    const seen: string[] = [];
    let cursor = '';
    do {
      const query = `filter=${filter}&count=10&cursor=${encodeURIComponent(cursor)}`;
      const { document } = await service.send('GET', `/Users?${query}`);
      seen.push(...(document.Resources as JsonObject[]).map(({ userName }) => userName as string));
      cursor = typeof document.nextCursor === 'string' ? document.nextCursor : '';
      if (seen.length === 10) await service.send('POST', '/Users', { body: { userName: 'page-late' } });
    } while (cursor !== '');
    expect(seen).to.have.length(26);
    expect(new Set(seen).size).to.equal(26);
    demandError(await service.send('GET', `/Users?cursor=garbage`), 400);
  });

  it('L2, L3: who is deleted is nowhere, and comes back under a new id as the same person', async () => {
    const body = { userName: 'back', externalId: 'x-1' };
    const first = await service.send('POST', '/Users', { body });
    const path = `/Users/${idOf(first)}`;
    expect((await service.send('DELETE', path)).status).to.equal(204);
    for (const method of ['GET', 'DELETE']) demandError(await service.send(method, path), 404);
    const second = await service.send('POST', '/Users', { body });
    expect(second.status).to.equal(201);
    await service.project.rollcall.pushes.settle();
    const people = (await service.project.users()).filter(({ attributes }) => attributes.userName === 'back');
    expect(people.map(({ records }) => records.length)).to.deep.equal([2]);
    demandError(await service.send('GET', path), 404);
  });

  it('G5: twenty parallel PATCHes of one group lose nobody', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 20; i += 1)
      ids.push(idOf(await service.send('POST', '/Users', { body: { userName: `g5-${i}` } })));
    const group = await service.send('POST', '/Groups', { body: { displayName: 'G5' } });
    const add = (value: string): Promise<ScimAnswer> =>
      patch(`/Groups/${idOf(group)}`, { op: 'add', path: 'members', value: [{ value }] });
    for (const answer of await Promise.all(ids.map(add))) expect(answer.status, answer.text).to.be.oneOf([200, 204]);
    const { document } = await service.send('GET', `/Groups/${idOf(group)}`);
    expect((document.members as JsonObject[]).map(({ value }) => value)).to.have.members(ids);
    await service.project.rollcall.pushes.settle();
    expect((await service.project.groups()).find(({ displayName }) => displayName === 'G5')?.members).to.equal(20);
  });

  it('G7: a thousand members in one PATCH', async () => {
    const group = await service.send('POST', '/Groups', { body: { displayName: 'G7' } });
    const value = Array.from({ length: 1_000 }, (_, i) => ({ value: `nobody-${i}` }));
    expect((await patch(`/Groups/${idOf(group)}`, { op: 'add', path: 'members', value })).status).to.equal(204);
  });

  it('E1, HEAD: versions as entity tags', async () => {
    const made = await service.send('POST', '/Users', { body: { userName: 'tagged' } });
    const path = `/Users/${idOf(made)}`;
    const tag = made.headers.get('etag') ?? '';
    expect((await service.send('GET', path, { headers: { 'if-none-match': tag } })).status).to.equal(304);
    const stale = { headers: { 'if-match': 'W/"9"' }, body: { userName: 'tagged2' } };
    demandError(await service.send('PUT', path, stale), 412);
    const head = await service.send('HEAD', path);
    expect([head.status, head.text, head.headers.get('etag')]).to.deep.equal([200, '', tag]);
  });

  it('E2, E3: types, flags in the query, letters and slashes of the path', async () => {
    const plain = await service.send('GET', '/Users?count=0', { headers: { accept: 'application/json' } });
    expect(plain.headers.get('content-type')).to.equal('application/json; charset=utf-8');
    for (const path of ['/users/?count=0', '//scim/v2/ID//Users?aadOptscim062020&count=0', '/USERS?count=0'])
      expect((await service.send('GET', path.replace('ID', service.id))).status, path).to.equal(200);
    const typed = { body: { userName: 'typed' }, headers: { 'content-type': 'application/json; charset=utf-8' } };
    expect((await service.send('POST', '/Users', typed)).status).to.equal(201);
  });

  it('E4: oversized, deep, packed, half and poisoned bodies are refused in its own form', async () => {
    const post = (body: string | Uint8Array, headers = {}): Promise<ScimAnswer> =>
      service.send('POST', '/Users', { body, headers });
    demandError(await post('x'.repeat(6 * 1024 * 1024)), 413);
    demandError(await post('['.repeat(10_000)), 400);
    demandError(await post('{"userName":"p","__proto__":{"x":1}}'), 400);
    demandError(await post('{"userName":"p"}', { 'content-encoding': 'gzip' }), 415);
    demandError(await post(new Uint8Array([0x7b, 0xff, 0x7d])), 400);
    demandError(await post(JSON.stringify({ userName: 'nul\0' })), 400);
    expect(({} as Record<string, unknown>).x).to.equal(undefined);
  });

  it('answers in its own form also what is no directory, no path and no method', async () => {
    demandError(await service.send('GET', '//scim/v2'), 404);
    demandError(await service.send('GET', '//scim/v2/'), 404);
    demandError(await service.send('GET', `//scim/v2/${service.id}/Users/%zz`), 400);
  });

  it('puts no token, name or address into the log, and counts by pattern', async () => {
    const canary = 'canary-9f3';
    await service.send('POST', '/Users', { body: { userName: canary, emails: [{ value: `${canary}@x.io` }] } });
    await service.send('GET', `/Users?filter=${encodeURIComponent(`userName eq "${canary}"`)}`);
    await service.send('GET', `/Users/${canary}`, { token: `rcd_${canary}` });
    const log = service.log.join('\n');
    expect(log).to.not.include(canary);
    expect(log).to.not.include(service.token);
    const { text } = await service.send('GET', '//metrics', { token: null });
    expect(text).to.include('route="/scim/v2/:directory/*"');
    expect(text).to.not.include(canary);
    expect(text).to.not.include(service.id);
  });
});

onBothStores('server/scim: limits', (kind) => {
  it('answers 429 in its own form with whole seconds, to its own directory alone', async () => {
    const service = await ScimService.open(kind, { scimRequestsPerTenSeconds: 3, failuresPerMinute: 2 });
    try {
      for (let i = 0; i < 3; i += 1) expect((await service.send('GET', '/Users')).status).to.equal(200);
      const refused = await service.send('GET', '/Users');
      demandError(refused, 429);
      expect(refused.headers.get('retry-after')).to.match(/^\d+$/);
      const entra = await service.project.enter('entra');
      const other = await service.send('GET', `//scim/v2/${entra.id}/Users`, { token: entra.token });
      expect(other.status).to.equal(200);
      for (let i = 0; i < 2; i += 1) demandError(await service.send('GET', '/Users', { token: 'x' }), 401);
      demandError(await service.send('GET', '/Users', { token: 'x' }), 429);
    } finally {
      await service.close();
    }
  });
});
