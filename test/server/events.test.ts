import { expect } from 'chai';
import { HR_ROWS, NEXT_DAY } from '../support/project.js';
import { onBothStores } from '../support/stores.js';
import { syncInAnotherProcess } from './another-process.js';
import { TestService, type Answer } from './support.js';

onBothStores('server/events', (kind) => {
  let service: TestService;
  let token: string;
  let head: number;
  afterEach(() => service.close());

  const start = async (limits = {}): Promise<void> => {
    service = await TestService.open(kind, { limits });
    token = await service.key();
    const all = await events('limit=1000');
    head = Number(all.body.items?.at(-1)?.sequence);
  };
  const events = (query: string): Promise<Answer> => service.request(`/v1/tenants/acme/events?${query}`, token);
  const change = (): Promise<void> =>
    service.project.hr('2026-03-10', [...HR_ROWS, 'E1004;Carl;Gauss;carl@acme.example;Research;Active;2020-01-06;']);

  /** Until a request waits, as the service counts it. */
  const waiting = async (count: number): Promise<void> => {
    for (;;) {
      const { text } = await service.request('/metrics', null);
      if (text.includes(`rollcall_http_long_polls_waiting ${count}\n`)) return;
    }
  };

  it('answers at once what there is, and an empty list where nothing is asked to be waited for', async () => {
    await start();
    expect((await events(`after=${head - 1}&wait=60`)).body.items).to.have.length(1);
    const none = await events(`after=${head}`);
    expect(none.body).to.deep.equal({ format: 'rollcall.events/1', items: [], next: null });
  });

  it('ends an unheard wait with an empty list', async () => {
    await start();
    const none = await events(`after=${head}&wait=1`);
    expect([none.status, none.body.items]).to.deep.equal([200, []]);
    await waiting(0);
  });

  it('wakes when this process writes an event', async () => {
    await start();
    const answers = Promise.all([events(`after=${head}&wait=60`), events(`after=${head}&wait=60`)]);
    await waiting(2);
    service.now = new Date(NEXT_DAY);
    await change();
    await (await service.rollcall.tenant('acme')).sync();
    for (const { body } of await answers)
      expect(body.items?.[0]).to.include({ sequence: head + 1, type: 'user.created', tenant: 'acme' });
  });

  it('wakes when another process writes an event', async () => {
    await start();
    const answer = events(`after=${head}&wait=60`);
    await waiting(1);
    await change();
    await syncInAnotherProcess({
      store: service.project.store.configuration,
      root: service.project.folder,
      now: NEXT_DAY,
    });
    expect((await answer).body.items?.[0]?.sequence).to.equal(head + 1);
  });

  it('goes on waiting where an event of another type or tenant came', async () => {
    await start();
    const answer = events(`after=${head}&wait=3&type=group.removed`);
    await waiting(1);
    service.now = new Date(NEXT_DAY);
    await change();
    for (const tenant of ['bravo', 'acme']) await (await service.rollcall.tenant(tenant)).sync();
    expect((await answer).body.items).to.deep.equal([]);
    expect((await events(`after=${head}`)).body.items).to.have.length.greaterThan(0);
  });

  it('forgets who went away while waiting', async () => {
    await start();
    const gone = new AbortController();
    const answer = service
      .request(`/v1/tenants/acme/events?after=${head}&wait=60`, token, { signal: gone.signal })
      .catch((error: unknown) => (error as Error).name);
    await waiting(1);
    gone.abort();
    expect(await answer).to.equal('AbortError');
    await waiting(0);
  });

  it('answers at once where too many wait already', async () => {
    await start({ longPolls: 1 });
    const first = events(`after=${head}&wait=60`);
    await waiting(1);
    expect((await events(`after=${head}&wait=60`)).body.items).to.deep.equal([]);
    await service.server?.drain();
    expect((await first).body.items).to.deep.equal([]);
  });
});
