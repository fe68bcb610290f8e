import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { onBothStores } from '../support/stores.js';
import { echoSurface } from './echo-surface.js';
import { RawConnection } from './raw.js';
import { refusalOf, TestService, type Answer } from './support.js';

const JSON_TYPE = { 'content-type': 'application/json' };

onBothStores('server/bad-input', (kind) => {
  let service: TestService;
  let token: string;
  const echo = echoSurface();

  before(async () => {
    service = await TestService.open(kind, {
      surfaces: [echo.surface],
      limits: {
        headersTimeoutMs: 300,
        requestTimeoutMs: 600,
        connectionsCheckingIntervalMs: 50,
        connections: 20,
      },
    });
    token = await service.key();
  });
  after(() => service.close());

  // Whatever was sent: an ordinary request is served afterwards.
  afterEach(async () => {
    expect((await service.request('/v1/tenants/acme/users?limit=1', token)).status).to.equal(200);
  });

  const send = (
    body: string | Uint8Array,
    headers: Record<string, string> = JSON_TYPE,
    path = '/echo/body',
  ): Promise<Answer> => service.request(path, null, { method: 'POST', body, headers });

  const refused = async (
    body: string | Uint8Array,
    status: number,
    code: string,
    headers?: Record<string, string>,
  ): Promise<void> => {
    const before = echo.reached();
    const answer = await send(body, headers);
    expect(refusalOf(answer), answer.text.slice(0, 200)).to.deep.equal([status, code]);
    expect(answer.headers.get('content-type')).to.equal('application/problem+json; charset=utf-8');
    expect(answer.body.requestId).to.equal(answer.headers.get('x-request-id'));
    expect(answer.text).to.not.match(/at .*\.js:\d+|node_modules|FST_/);
    expect(echo.reached()).to.equal(before);
  };

  it('takes ordinary JSON of any language, and none', async () => {
    const value = { name: '山田 Ł ’ \u0000 😀', list: [1, null, true, { deep: ['x'] }], '': 0 };
    expect((await send(JSON.stringify(value))).body).to.deep.equal({ got: value });
    expect((await send('[]', { 'content-type': 'application/test+json; charset=UTF-8' })).body).to.deep.equal({
      got: [],
    });
    expect((await service.request('/echo/body', null, { method: 'POST' })).body).to.deep.equal({ got: null });
  });

  it('refuses what is not JSON', async () => {
    for (const body of [
      '{',
      '{"a":1,}',
      "{'a':1}",
      '{"a":1}x',
      '// c\n{}',
      'NaN',
      '"',
      '[1 2]',
      '\u0000',
      '{"a":"\n"}',
      '01',
    ])
      await refused(body, 400, 'RC_JSON_MALFORMED');
  });

  it('refuses a body that is empty though it has a type', async () => {
    await refused('', 400, 'RC_JSON_MALFORMED', { ...JSON_TYPE, 'content-length': '0' });
  });

  it('refuses what is not UTF-8, and other charsets', async () => {
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xc3, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
      [0xff, 0xfe, 0x7b, 0],
    ])
      await refused(Uint8Array.from(bytes), 400, 'RC_JSON_ENCODING');
    await refused('{}', 415, 'RC_HTTP_MEDIA_TYPE', { 'content-type': 'application/json; charset=latin1' });
  });

  it('refuses a key twice, however it is spelled', async () => {
    for (const body of [
      '{"active":true,"active":false}',
      String.raw`{"a":1,"\u0061":2}`,
      '[{"x":{"y":1,"z":2,"y":3}}]',
    ])
      await refused(body, 400, 'RC_JSON_DUPLICATE_KEY');
  });

  it('refuses keys that reach into prototypes, at any depth', async () => {
    for (const key of ['__proto__', 'constructor', 'prototype', String.raw`__pr\u006fto__`])
      for (const body of [`{"${key}":{"polluted":1}}`, `{"a":[{"b":{"${key}":1}}]}`])
        await refused(body, 400, 'RC_JSON_KEY_REFUSED');
    expect(({} as { polluted?: number }).polluted).to.equal(undefined);
  });

  it('refuses what is too deep, has too many keys or items, or too long a text', async () => {
    expect((await send(`${'['.repeat(64)}${']'.repeat(64)}`)).status).to.equal(200);
    await refused(`${'['.repeat(65)}${']'.repeat(65)}`, 400, 'RC_JSON_TOO_DEEP');
    await refused('['.repeat(100_000), 400, 'RC_JSON_TOO_DEEP');
    await refused('{"a":'.repeat(100_000), 400, 'RC_JSON_TOO_DEEP');
    const keys = Array.from({ length: 10_001 }, (_, i) => `"${i}":0`).join();
    await refused(`{${keys}}`, 400, 'RC_JSON_TOO_LARGE');
    await refused(`[${'0,'.repeat(100_001)}0]`, 400, 'RC_JSON_TOO_LARGE');
    await refused(JSON.stringify('x'.repeat(262_145)), 400, 'RC_JSON_TOO_LARGE');
  });

  it('refuses a body that says that it is too large, and one that becomes so', async () => {
    await refused(`"${'x'.repeat(1_100_000)}"`, 413, 'RC_HTTP_BODY_TOO_LARGE');
    const endless = await RawConnection.open(service.port);
    await endless.write(
      'POST /echo/body HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
    for (let sent = 0; sent < 100 && !endless.heard.includes('\r\n\r\n'); sent++)
      if (!(await endless.write(chunk))) break;
    await endless.hears(/\r\n\r\n[^]*\}/);
    expect(endless.heard).to.match(/^HTTP\/1.1 413 /);
    expect(endless.problem().code).to.equal('RC_HTTP_BODY_TOO_LARGE');
    endless.end();
  });

  it('refuses packed bodies, however small', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, 0x20));
    expect(bomb.length).to.be.lessThan(100_000);
    for (const encoding of ['gzip', 'br', 'deflate', 'gzip, gzip', 'x'])
      await refused(bomb, 415, 'RC_HTTP_CONTENT_ENCODING', { ...JSON_TYPE, 'content-encoding': encoding });
    expect((await send('{}', { ...JSON_TYPE, 'content-encoding': 'identity' })).status).to.equal(200);
  });

  it('refuses other media types, and what only looks like one', async () => {
    for (const type of [
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/jsonx',
      'json',
      'application/json/x',
    ])
      await refused('{}', 415, 'RC_HTTP_MEDIA_TYPE', { 'content-type': type });
  });

  it('tells a path that is not there from a method that it does not have', async () => {
    for (const path of ['/', '/v1', '/v2/tenants', '/v1/tenants/acme', '/v1/tenants/acme/nothing', '/echo'])
      expect(refusalOf(await service.request(path, token)), path).to.deep.equal([404, 'RC_HTTP_ROUTE_NOT_FOUND']);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const answer = await service.request('/v1/tenants/acme/users', token, { method });
      expect(refusalOf(answer), method).to.deep.equal([405, 'RC_HTTP_METHOD_NOT_ALLOWED']);
      expect(answer.headers.get('allow')).to.equal('GET, HEAD');
    }
    const put = await service.request('/echo/body', token);
    expect([put.status, put.headers.get('allow')]).to.deep.equal([405, 'POST, PUT']);
    const head = await service.request('/v1/tenants/acme/users', token, { method: 'HEAD' });
    expect([head.status, head.text]).to.deep.equal([200, '']);
  });

  it('answers what is no request at all in the same form, and ends the connection', async () => {
    const wrong: [string, number, string][] = [
      ['GARBAGE\r\n\r\n', 400, 'RC_HTTP_MALFORMED'],
      ['\u0016\u0003\u0001\u0002\u0000\u0001', 400, 'RC_HTTP_MALFORMED'],
      ['GET / HTTP/1.1\r\nHost: x\r\nA B: c\r\n\r\n', 400, 'RC_HTTP_MALFORMED'],
      [`GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(70_000)}\r\n\r\n`, 431, 'RC_HTTP_HEADERS_TOO_LARGE'],
      [
        'POST /echo/body HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
        400,
        'RC_HTTP_MALFORMED',
      ],
    ];
    for (const [text, status, code] of wrong) {
      const connection = await RawConnection.open(service.port);
      await connection.write(Buffer.from(text, 'latin1'));
      await connection.closed;
      expect(connection.heard, text.slice(0, 40)).to.match(new RegExp(`^HTTP/1.1 ${status} `));
      expect([connection.problem().status, connection.problem().code]).to.deep.equal([status, code]);
    }
  });

  it('waits no longer than it must for headers and bodies that drip', async () => {
    for (const begun of [
      'GET /livez HTTP/1.1\r\nHost: x\r\nX-Slow: ',
      'POST /echo/body HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a":',
    ]) {
      const slow = await RawConnection.open(service.port);
      await slow.write(begun);
      await slow.closed;
      expect(slow.heard).to.match(/^HTTP\/1.1 408 /);
      expect(slow.problem().code).to.equal('RC_HTTP_REQUEST_TIMEOUT');
    }
  });

  it('survives bodies that are cut off', async () => {
    const cut = await RawConnection.open(service.port);
    await cut.write(
      'POST /echo/body HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a":',
    );
    cut.end();
    await cut.closed;
    expect(cut.isOpen).to.equal(false);
  });

  it('says nothing of an error inside, nor of what took too long', async () => {
    const failed = await service.request('/echo/fail', null);
    expect(failed.body).to.deep.equal({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      code: 'RC_UNEXPECTED',
      detail: 'The service failed.',
      mend: 'Try again; if it stays, look for the request id in the log of the service.',
      requestId: failed.headers.get('x-request-id'),
    });
    expect(refusalOf(await service.request('/echo/slow', null))).to.deep.equal([503, 'RC_HTTP_TIMEOUT']);
  });

  it('takes a request id that is a plain word, and no other', async () => {
    const idOf = async (given: string): Promise<string | null> =>
      (await service.request('/livez', null, { headers: { 'x-request-id': given } })).headers.get('x-request-id');
    expect(await idOf('my-request_7')).to.equal('my-request_7');
    for (const bad of ['a b', '{"level":"info"}', 'x'.repeat(65), 'é'])
      expect(await idOf(bad), bad).to.match(/^[0-9a-f-]{36}$/);
  });

  it('closes connections beyond its limit, and serves those it has', async () => {
    const held: RawConnection[] = [];
    for (let i = 0; i < 30; i++) held.push(await RawConnection.open(service.port));
    await Promise.race(held.map(({ closed }) => closed));
    for (const connection of held) connection.end();
    await Promise.all(held.map(({ closed }) => closed));
  });
});
