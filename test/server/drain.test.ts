import { expect } from 'chai';
import type { DrainSignal, Surface } from '@rollcall/server';
import { onBothStores } from '../support/stores.js';
import { RawConnection } from './raw.js';
import { TestService } from './support.js';

/** A surface whose answers wait until the test lets them go. */
function gate(): { surface: Surface; running: Promise<void>; open: () => void } {
  let begin = (): void => undefined;
  let open = (): void => undefined;
  const running = new Promise<void>((resolve) => (begin = resolve));
  const opened = new Promise<void>((resolve) => (open = resolve));
  const surface: Surface = {
    name: 'gate',
    prefix: '/gate',
    routes(scope) {
      scope.get('/', async () => {
        begin();
        await opened;
        return { let: 'through' };
      });
    },
  };
  return {
    surface,
    running,
    open: () => {
      open();
    },
  };
}

onBothStores('server/drain', (kind) => {
  let service: TestService;
  afterEach(() => service.close());

  it('is ready, then not: new requests are sent elsewhere, running ones end, connections close', async () => {
    const { surface, running, open } = gate();
    service = await TestService.open(kind, { surfaces: [surface] });
    expect((await service.request('/readyz', null)).body).to.deep.equal({ status: 'ready' });
    // Two connections that are in use while the service stops: one waits for its answer, one sends a second request.
    const slow = service.request('/gate/', null);
    await running;
    const other = await RawConnection.open(service.port);
    await other.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\nGET /gate/ HTTP/1.1\r\nHost: x\r\n\r\n');
    await other.hears(/alive/);
    const drained = service.server?.drain();
    const refused = await fetch(`${service.url}/livez`).then(
      () => 'accepted',
      () => 'refused',
    );
    expect(refused).to.equal('refused');
    open();
    const answer = await slow;
    expect([answer.status, answer.body.let, answer.headers.get('connection')]).to.deep.equal([200, 'through', 'close']);
    await drained;
    await other.closed;
    expect(other.heard).to.match(/HTTP\/1.1 200 .*through/s);
  });

  it('says on connections that are still open that it is stopping', async () => {
    let drain: DrainSignal | undefined;
    const routes: Surface['routes'] = (_scope, context) => {
      ({ drain } = context);
    };
    service = await TestService.open(kind, { surfaces: [{ name: 'ear', prefix: '/ear', routes }] });
    drain?.begin();
    const ready = await service.request('/readyz', null);
    expect([ready.status, ready.body.code, ready.body.detail]).to.deep.equal([
      503,
      'RC_NOT_READY',
      'The service is stopping.',
    ]);
    const refused = await service.request('/v1/tenants', await service.key());
    expect([refused.status, refused.body.code]).to.deep.equal([503, 'RC_HTTP_STOPPING']);
    expect([refused.headers.get('connection'), refused.headers.get('retry-after')]).to.deep.equal(['close', '1']);
    expect((await service.request('/livez', null)).status).to.equal(200);
  });

  it('answers those who wait for events at once', async () => {
    service = await TestService.open(kind);
    const token = await service.key();
    const head = (await service.rollcall.eventHeads(['acme'])).get('acme');
    const waits = [1, 2, 3].map(() => service.request(`/v1/tenants/acme/events?after=${head ?? 0}&wait=60`, token));
    for (;;) if ((await service.request('/metrics', null)).text.includes('long_polls_waiting 3\n')) break;
    await service.server?.drain();
    for (const { status, body } of await Promise.all(waits)) expect([status, body.items]).to.deep.equal([200, []]);
  });

  it('cuts off what does not end in time, and drains once however often it is told to', async () => {
    const { surface, running } = gate();
    service = await TestService.open(kind, { surfaces: [surface], limits: { drainTimeoutMs: 100 } });
    const never = service.request('/gate/', null).catch((error: unknown) => (error as Error).name);
    await running;
    await Promise.all([service.server?.drain(), service.server?.drain()]);
    expect(await never).to.equal('TypeError');
  });

  it('is not ready while the database cannot be used, and alive all the same', async () => {
    service = await TestService.open(kind);
    const { database } = service.rollcall;
    const refuse = async (status: () => Promise<never>, detail: string): Promise<void> => {
      const before = { ...database };
      Object.assign(database, { status });
      const answer = await service.request('/readyz', null);
      Object.assign(database, before);
      expect([answer.status, answer.body.code, answer.body.detail]).to.deep.equal([503, 'RC_NOT_READY', detail]);
    };
    await refuse(() => Promise.reject(new Error('password')), 'The database cannot be reached or read.');
    const unmigrated = { client: 'pg', version: 1, known: 2, pending: ['2 x'] };
    await refuse(() => Promise.resolve(unmigrated as never), 'The database is not migrated.');
    expect((await service.request('/livez', null)).status).to.equal(200);
  });
});
