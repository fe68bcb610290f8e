import { expect } from 'chai';
import { handleScim, refuse, ScimError, unavailable, type ScimStore } from '@rollcall/connector-scim';
import { TestDirectory } from './support/directory.js';

describe('plugins/scim: versions', () => {
  it('E1: a stale If-Match is 412, a current If-None-Match 304', async () => {
    const directory = new TestDirectory();
    const id = await directory.user('ada');
    const path = `/Users/${id}`;
    const operation = { Operations: [{ op: 'replace', path: 'title', value: 'x' }] };
    const send = (method: string, tag: string): ReturnType<TestDirectory['send']> =>
      directory.send(method, path, {
        body: method === 'PATCH' ? operation : { userName: 'ada' },
        headers: { 'if-match': tag },
      });
    for (const method of ['PATCH', 'PUT', 'DELETE']) {
      const { status, document } = await send(method, 'W/"9"');
      expect([status, document.status]).to.deep.equal([412, '412']);
    }
    expect((await send('PATCH', 'W/"9", W/"1"')).headers.ETag).to.equal('W/"2"');
    expect((await send('PATCH', '*')).status).to.equal(200);
    const seen = await directory.get(path, '', { 'if-none-match': '"2"' });
    expect([seen.status, seen.body, seen.headers.ETag]).to.deep.equal([304, '', 'W/"2"']);
    expect((await directory.get(path, '', { 'if-none-match': 'W/"1"' })).status).to.equal(200);
    expect((await send('DELETE', 'W/"2"')).status).to.equal(204);
  });
});

describe('plugins/scim: types of bodies and answers', () => {
  it('E2: takes JSON under each of its names', async () => {
    const directory = new TestDirectory();
    for (const type of ['application/scim+json', 'application/json; charset=utf-8', 'TEXT/JSON', '']) {
      const body = { userName: `u${type}` };
      expect((await directory.send('POST', '/Users', { body, headers: { 'content-type': type } })).status).to.equal(
        201,
      );
    }
  });

  it('E2: answers as the client asks, errors too', async () => {
    const directory = new TestDirectory();
    for (const [accept, type] of [
      ['application/json', 'application/json'],
      ['application/json;q=0.9, text/plain', 'application/json'],
      ['application/scim+json, application/json', 'application/scim+json'],
      ['*/*', 'application/scim+json'],
      ['', 'application/scim+json'],
      ['text/html', 'application/scim+json'],
    ] as const) {
      for (const path of ['/Users', '/Nope']) {
        const { headers } = await directory.get(path, '', { accept });
        expect(headers['Content-Type'], accept).to.equal(`${type}; charset=utf-8`);
      }
    }
  });

  it('E2: the setting of the directory goes before what the client asks', async () => {
    const directory = new TestDirectory({ settings: { accept: 'application/json' } });
    const { headers } = await directory.get('/Users', '', { accept: 'application/scim+json' });
    expect(headers['Content-Type']).to.equal('application/json; charset=utf-8');
  });

  it('refuses other types and compressed bodies with 415', async () => {
    const directory = new TestDirectory();
    for (const headers of [
      { 'content-type': 'application/x-www-form-urlencoded' },
      { 'content-type': 'text/xml' },
      { 'content-encoding': 'gzip' },
    ]) {
      const { status, document } = await directory.send('POST', '/Users', { body: { userName: 'a' }, headers });
      expect([status, document.status]).to.deep.equal([415, '415']);
    }
    expect(directory.store.all('user')).to.deep.equal([]);
  });

  it('a host refuses in the same form before the protocol begins', () => {
    const response = refuse(new ScimError(401, 'Send a valid token.', { headers: { 'WWW-Authenticate': 'Bearer' } }), {
      accept: undefined,
    });
    expect(response.headers).to.deep.equal({
      'Content-Type': 'application/scim+json; charset=utf-8',
      'WWW-Authenticate': 'Bearer',
    });
    expect(JSON.parse(response.body)).to.deep.equal({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '401',
      detail: 'Send a valid token.',
    });
  });
});

describe('plugins/scim: addresses', () => {
  it('any letters, doubled slashes, one at the end, HEAD', async () => {
    const directory = new TestDirectory();
    const id = await directory.user('ada');
    for (const path of ['/users', '//Users/', '/USERS//', `/users/${id}/`, `//Users//${id}`]) {
      expect((await directory.get(path)).status, path).to.equal(200);
    }
    expect((await directory.get(`/Users/${id.toUpperCase()}`)).status).to.equal(404);
    const head = await directory.send('HEAD', `/Users/${id}`);
    expect([head.status, head.body, head.headers.ETag]).to.deep.equal([200, '', 'W/"1"']);
  });

  it('E3: flags of Entra ID in the query are passed over', async () => {
    const directory = new TestDirectory();
    const id = await directory.user('ada');
    for (const query of [
      'aadOptscim062020',
      'aadOptscim062020&filter=userName eq "ada"',
      'AzureAdScimPatch2017=&x=%E0%A4',
    ]) {
      expect((await directory.get('/Users', query)).document.totalResults).to.equal(1);
    }
    const body = { Operations: [{ op: 'replace', path: 'title', value: 'x' }] };
    expect((await directory.send('PATCH', `/Users/${id}`, { body, query: 'aadOptscim062020' })).status).to.equal(200);
  });
});

describe('plugins/scim: bad bodies', () => {
  const nested = (depth: number): string => `{"userName":"a","x":${'['.repeat(depth)}${']'.repeat(depth)}}`;

  async function refused(sent: { text?: string; body?: Uint8Array }): Promise<unknown[]> {
    const directory = new TestDirectory();
    const { status, document } = await directory.send('POST', '/Users', sent);
    expect(directory.store.all('user')).to.deep.equal([]);
    expect(directory.notes).to.deep.equal([]);
    expect(document.schemas).to.deep.equal(['urn:ietf:params:scim:api:messages:2.0:Error']);
    return [status, document.scimType];
  }

  it('E4: 11 MB are 413', async () => {
    expect(await refused({ text: `{"userName":"${'x'.repeat(11 * 1024 * 1024)}"}` })).to.deep.equal([413, undefined]);
  });

  it('E4: ten thousand levels are 400, and sixty-three are not', async () => {
    expect(await refused({ text: nested(10_000) })).to.deep.equal([400, 'invalidSyntax']);
    expect(await refused({ text: nested(64) })).to.deep.equal([400, 'invalidSyntax']);
    const { status } = await new TestDirectory().send('POST', '/Users', { text: nested(63) });
    expect(status).to.equal(201);
  });

  it('E4: a key that reaches the prototype is refused, the constructor is a name like any other', async () => {
    for (const text of [
      '{"__proto__":{"polluted":1},"userName":"a"}',
      '{"userName":"a","x":{"__proto__":{"polluted":1}}}',
      '{"userName":"a","\\u005f_proto__":1}',
    ]) {
      expect(await refused({ text })).to.deep.equal([400, 'invalidSyntax']);
    }
    const directory = new TestDirectory();
    const text = '{"userName":"a","constructor":{"prototype":{"polluted":1}},"toString":"x","hasOwnProperty":"y"}';
    const { document } = await directory.send('POST', '/Users', { text });
    expect(document).to.deep.include({
      constructor: { prototype: { polluted: 1 } },
      toString: 'x',
      hasOwnProperty: 'y',
    });
    expect(({} as Record<string, unknown>).polluted).to.equal(undefined);
    expect((await directory.filter('/Users', 'constructor.name eq "Object"')).document.totalResults).to.equal(0);
    expect((await directory.filter('/Users', 'valueOf pr')).document.totalResults).to.equal(0);
  });

  it('a key that stands twice is refused, in any letters', async () => {
    for (const text of [
      '{"userName":"a","active":false,"active":true}',
      '{"userName":"a","USERNAME":"b"}',
      '{"userName":"a","name":{"givenName":"a","GivenName":"b"}}',
    ]) {
      expect(await refused({ text })).to.deep.equal([400, 'invalidSyntax']);
    }
  });

  it('bytes that are no UTF-8, zero characters and half characters are refused', async () => {
    expect(await refused({ body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) })).to.deep.equal([
      400,
      'invalidSyntax',
    ]);
    for (const text of [
      '{"userName":"a\\u0000"}',
      '{"userName":"\\ud800"}',
      '{"userName":"a","x":{"y":["\\u0000"]}}',
      '{"userName":"a","x\\u0000":1}',
    ]) {
      expect(await refused({ text })).to.deep.equal([400, 'invalidValue']);
    }
  });

  it('numbers that lose digits are refused, others are kept', async () => {
    for (const number of ['12345678901234567890', '1e400', '-9007199254740993']) {
      expect(await refused({ text: `{"userName":"a","x":[${number}]}` })).to.deep.equal([400, 'invalidValue']);
      expect(await refused({ text: `{"userName":"a","employeeNumber":${number}}` })).to.deep.equal([
        400,
        'invalidValue',
      ]);
    }
    const text = '{"userName":"a","x":[1.5,-7,0],"employeeNumber":4711}';
    const { document, body } = await new TestDirectory().send('POST', '/Users', { text });
    expect(document.x).to.deep.equal([1.5, -7, 0]);
    expect(body).to.include('"employeeNumber":"4711"');
  });

  it('a byte order mark is no part of the text', async () => {
    const { status } = await new TestDirectory().send('POST', '/Users', { text: '\ufeff{"userName":"a"}' });
    expect(status).to.equal(201);
  });

  it('what fails inside is 500 without a word of it, and reported', async () => {
    const directory = new TestDirectory();
    const broken = new Error('secret of the store');
    directory.store.count = () => Promise.reject(broken);
    const { status, body } = await directory.get('/Users');
    expect(status).to.equal(500);
    expect(body).not.to.include('secret');
    expect(directory.notes).to.deep.equal([{ note: 'failure', error: broken }]);
  });

  it('a busy store is 503 with whole seconds', async () => {
    const directory = new TestDirectory();
    const store: ScimStore = Object.assign(Object.create(directory.store) as ScimStore, {
      count: () => Promise.reject(unavailable(1.2)),
    });
    const request = { method: 'GET', path: '/Users', query: '', headers: {}, body: new Uint8Array() };
    const { status, headers } = await handleScim(request, store, directory.context);
    expect([status, headers['Retry-After']]).to.deep.equal([503, '2']);
    expect(directory.notes).to.deep.equal([]);
  });
});
