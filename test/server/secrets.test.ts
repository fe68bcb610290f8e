import { expect } from 'chai';
import { HR_ROWS, NEXT_DAY } from '../support/project.js';
import { onBothStores } from '../support/stores.js';
import { echoSurface } from './echo-surface.js';
import { RawConnection } from './raw.js';
import { TestService } from './support.js';

/** Names and mail of a person, as they may stand in requests and answers. */
const PERSON = ['CANARY-Zora', 'CANARY-Neale', 'canary-mail@acme.example', 'CANARY-E7007'];

onBothStores('server/secrets', (kind) => {
  it('keeps tokens, names, addresses and bodies out of logs, metrics, errors and other answers', async () => {
    const service = await TestService.open(kind, { surfaces: [echoSurface().surface] });
    try {
      service.now = new Date(NEXT_DAY);
      const [given, family, mail, number] = PERSON;
      await service.project.hr('2026-03-10', [
        ...HR_ROWS,
        `${number};${given};${family};${mail};Research;Active;2020-01-06;`,
      ]);
      await (await service.rollcall.tenant('acme')).sync();
      const token = await service.key({ name: 'CANARY-key-name' });
      const wrong = `rck_${'0'.repeat(12)}_${'CANARY'.repeat(7)}x000000`;
      const requests: [string, string | null, RequestInit?][] = [
        [`/v1/tenants/acme/users/email=${String(mail)}`, token],
        [`/v1/tenants/acme/users/hr:${String(number)}/explain?attribute=CANARY-attribute`, token],
        ['/v1/tenants/acme/users/userName=CANARY-nobody', token],
        ['/v1/tenants/CANARY-tenant/users', token],
        ['/v1/tenants/acme/users?reason=CANARY-reason', token],
        ['/v1/tenants/acme/users?after=CANARY-cursor', token],
        ['/v1/tenants/acme/users?CANARY-parameter=1', token],
        ['/CANARY-path?access_token=CANARY-query', null],
        ['/v1/tenants/acme/users/%ff?CANARY-url', token],
        ['/v1/tenants', wrong],
        [
          '/echo/body',
          'CANARY-token',
          { method: 'POST', body: '{"a":"CANARY-body"', headers: { 'content-type': 'application/json' } },
        ],
        [
          '/echo/body',
          token,
          { method: 'POST', body: '{}', headers: { 'content-type': 'CANARY/type', cookie: 'a=CANARY-cookie' } },
        ],
        ['/echo/fail?CANARY-query', token],
        ['/echo/fail', token, { method: 'CANARYMETHOD' }],
      ];
      for (const [path, key, init] of requests) await service.request(path, key, init).catch(() => undefined);
      const raw = await RawConnection.open(service.port);
      await raw.write('CANARY /CANARY-raw HTTP/9\r\nCANARY: 1\r\n\r\n');
      await raw.closed;
      const metrics = (await service.request('/metrics', null)).text;
      const log = service.log.join('');
      expect(service.log.length).to.be.greaterThan(requests.length - 3);
      for (const [place, text] of Object.entries({ log, metrics, raw: raw.heard })) {
        expect(text, place).to.not.match(/canary/i);
        expect(text, place).to.not.contain(token.slice(17));
        expect(text, place).to.not.match(/lovelace|turing|agency\.example/i);
      }
      expect(log)
        .to.contain('"route":"/v1/tenants/:tenant/users/:who"')
        .and.to.match(/"key":"key-/);
      expect(log).to.match(/"level":"error".*"type":"Error".*echo-surface/);
      for (const line of service.log) expect(JSON.parse(line)).to.have.property('time');
      expect(metrics).to.match(
        /rollcall_http_request_duration_seconds_count\{method="GET",route="\/v1\/tenants\/:tenant\/users\/:who",status="200"\} 1/,
      );
      expect(metrics).to.contain('route="none"').and.contain('rollcall_http_access_refused_total{code="401"}');
      const routes = new Set([...metrics.matchAll(/route="([^"]*)"/g)].map(([, route]) => route));
      expect(routes.size).to.be.lessThan(12);
      // A name of a person stands in the answers that are about the person, and in no refusal of somebody else.
      const other = await service.request('/v1/tenants/bravo/users', token);
      for (const word of PERSON) expect(other.text).to.not.contain(word);
    } finally {
      await service.close();
    }
  });
});
