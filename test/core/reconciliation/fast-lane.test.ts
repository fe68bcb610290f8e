import { expect } from 'chai';
import { PersonnelProject } from '../../support/personnel-project.js';
import { onBothStores } from '../../support/stores.js';

type Way = 'notification' | 'delta' | 'snapshot';

const ORDERS: readonly (readonly Way[])[] = [
  ['notification', 'delta', 'snapshot'],
  ['notification', 'snapshot', 'delta'],
  ['delta', 'notification', 'snapshot'],
  ['delta', 'snapshot', 'notification'],
  ['snapshot', 'notification', 'delta'],
  ['snapshot', 'delta', 'notification'],
];

onBothStores('the fast lane', (kind) => {
  let project: PersonnelProject;

  const open = async (options?: Parameters<typeof PersonnelProject.create>[1]): Promise<void> => {
    project = await PersonnelProject.create(kind, options);
    for (const id of ['ada', 'alan', 'grace']) project.source.put({ id });
    await project.pass(0);
    // The first delta ran beside the first whole read, which says from where the stream goes on.
    await project.pass(5);
  };

  afterEach(async () => {
    await project.close();
  });

  const activity = async (): Promise<Record<string, boolean>> =>
    Object.fromEntries(
      (await project.users()).map(({ attributes, active }) => [attributes.userName as string, active]),
    );

  const by: Readonly<Record<Way, () => Promise<void>>> = {
    notification: async () => {
      await project.tell('ada');
      await project.pass(0);
    },
    delta: () => project.pass(5),
    snapshot: () => project.readAll(),
  };

  for (const order of ORDERS)
    it(`draws one change and one event of an update that comes by ${order.join(', ')}`, async () => {
      await open();
      project.source.put({ id: 'ada', team: 'Engines' });
      for (const way of order) await by[way]();
      expect((await project.user('ada'))?.attributes.department).to.equal('Engines');
      expect((await project.events('user.updated')).map(({ changed }) => changed)).to.deep.equal([['department']]);
      const [first] = order;
      const found = (await project.runs()).filter(({ records }) => records.changed > 0);
      expect(found.map(({ trigger }) => trigger)).to.deep.equal([first === 'snapshot' ? 'manual' : first]);
      expect(await project.findings('drift')).to.deep.equal([]);
    });

  it('field failure 4: brings who is new and who is gone by the stream before the next whole read, and reads nobody who did not change', async () => {
    await open();
    project.source.put({ id: 'edsger' });
    project.source.remove('alan');
    await project.pass(5);
    expect(await activity()).to.deep.equal({ ada: true, alan: false, edsger: true, grace: true });
    expect((await project.user('alan'))?.inactive?.reason).to.equal('removed_at_source');
    const [run] = await project.runs();
    expect(run).to.deep.include({ trigger: 'delta', tier: 'delta', outcome: 'finished', complete: true });
    expect(run?.records).to.include({ read: 1, new: 1, absent: 1, same: 0 });
    const before = (await project.events()).length;
    await project.pass(5);
    expect(await project.events()).to.have.length(before);
    expect(await project.tier('delta')).to.include({
      schedule: '5m',
      lastOutcome: 'finished',
      failures: 0,
      code: null,
    });
  });

  it('ends a membership of the company by the stream where the notification is lost', async () => {
    await open();
    project.source.put({ id: 'alan', works: false });
    project.source.tell('alan', project.now);
    await project.pass(5);
    expect(await activity()).to.include({ alan: false });
    const [ended] = await project.events('user.deactivated');
    const runs = await project.runs();
    expect(runs.find(({ changes }) => changes.users.deactivated === 1)?.trigger).to.equal('delta');
    expect(ended?.data).to.deep.include({ active: false });
  });

  it('field failure 19: ends it by the whole read where the stream leaves people out, and counts who and what', async () => {
    await open();
    project.source.put({ id: 'alan', works: false }, { silently: true });
    project.source.remove('grace', { silently: true });
    project.source.put({ id: 'ada', team: 'Engines' });
    await project.pass(5);
    expect(await activity()).to.include({ alan: true, grace: true });
    await project.readAll();
    expect(await activity()).to.include({ alan: false, grace: false });
    const found = (await project.runs())[0];
    expect(found?.drift.records).to.equal(0);
    await project.pass(5);
    const counted = (await project.runs()).find(({ runId }) => runId === found?.runId);
    expect(counted?.drift.records).to.equal(2);
    const [finding] = await project.findings('drift');
    expect(finding?.subject).to.equal('staff/user');
    expect(finding?.detail).to.deep.equal({
      directory: 'staff',
      tier: 'delta',
      kind: 'user',
      records: 2,
      sample: [
        { kind: 'user', sourceId: 'alan', what: 'changed', runId: found?.runId },
        { kind: 'user', sourceId: 'grace', what: 'absent', runId: found?.runId },
      ],
    });
    await project.readAll();
    expect(await project.findings('drift')).to.deep.equal([]);
  });

  it('counts as drift nothing that the whole read saw a moment before the stream', async () => {
    await open();
    project.source.put({ id: 'alan', works: false });
    await project.readAll();
    await project.pass(5);
    await project.pass(5);
    expect(await project.findings('drift')).to.deep.equal([]);
    expect((await project.runs()).map(({ drift }) => drift.records)).to.not.include(1);
  });

  it('loses nobody where the cursor expires: it is dropped, and a whole read closes the gap', async () => {
    await open();
    project.source.put({ id: 'alan', works: false });
    project.source.expireCursors();
    await project.pass(70);
    const expired = (await project.runs()).find(({ tier, complete }) => tier === 'delta' && !complete);
    expect(expired?.warnings.map(({ code }) => code)).to.deep.equal(['RC_CURSOR_EXPIRED']);
    expect(expired?.records).to.include({ absent: 0 });
    expect(await activity()).to.deep.equal({ ada: true, alan: false, grace: true });
    expect((await project.runs()).filter(({ tier }) => tier === 'full')).to.have.length(2);
    project.source.put({ id: 'ada', team: 'Engines' });
    await project.pass(5);
    expect((await project.user('ada'))?.attributes.department).to.equal('Engines');
    expect((await project.runs()).filter(({ tier }) => tier === 'full')).to.have.length(2);
    expect(await project.findings('drift')).to.deep.equal([]);
  });

  it('field failure 14: goes on where it stopped when the source fails half-way, and draws what it had read', async () => {
    await open();
    for (const id of ['a', 'b', 'c', 'd']) project.source.put({ id });
    let pages = 0;
    project.source.fails = (path) => (path.startsWith('/changes') && ++pages === 2 ? 503 : null);
    await project.pass(5);
    expect((await project.runs())[0]).to.deep.include({ outcome: 'failed', tier: 'delta' });
    expect(Object.keys(await activity())).to.have.members(['a', 'b', 'ada', 'alan', 'grace']);
    await project.pass(1);
    expect(Object.keys(await activity())).to.have.members(['a', 'b', 'c', 'd', 'ada', 'alan', 'grace']);
    const asked = project.source.asked.filter((path) => path.startsWith('/changes')).slice(-3);
    // The page that failed is asked for again, the one before it is not.
    expect(asked[1]).to.equal(asked[2]);
    expect(asked[0]).to.not.equal(asked[1]);
  });

  it('reads a person once for many notifications of them, and again for one that comes while it reads', async () => {
    await open();
    for (let n = 0; n < 10; n++) await project.tell('ada');
    await project.pass(0);
    expect(project.source.countOf('/people/ada')).to.equal(1);
    project.source.held = async (path) => {
      project.source.held = () => Promise.resolve();
      if (path !== '/people/ada') return;
      project.source.put({ id: 'ada', team: 'Engines' }, { silently: true });
      await project.tell('ada');
    };
    await project.tell('ada');
    await project.pass(1);
    expect(project.source.countOf('/people/ada')).to.equal(3);
    expect((await project.user('ada'))?.attributes.department).to.equal('Engines');
  });

  it('field failure 23: takes a notification that comes twice once', async () => {
    await open();
    const told = project.source.tell('ada', project.now);
    expect(await project.hear(told)).to.deep.equal({ taken: true, answer: null, fresh: 1, repeated: 0 });
    expect(await project.hear(told)).to.deep.equal({ taken: true, answer: null, fresh: 0, repeated: 1 });
    await project.pass(0);
    await project.hear(told);
    await project.pass(1);
    expect(project.source.countOf('/people/ada')).to.equal(1);
  });

  it('reads the stream for a notification that names nobody', async () => {
    await open();
    project.source.put({ id: 'ada', team: 'Engines' });
    await project.tell(null);
    await project.pass(0);
    expect((await project.user('ada'))?.attributes.department).to.equal('Engines');
    expect((await project.runs())[0]).to.deep.include({ trigger: 'notification', tier: 'notification' });
  });

  it('brings by a notification who is gone, who was never there, and who is new', async () => {
    await open();
    project.source.remove('alan', { silently: true });
    project.source.put({ id: 'édith 🎓' }, { silently: true });
    for (const id of ['alan', 'nobody', 'édith 🎓']) await project.tell(id);
    await project.pass(0);
    expect(await activity()).to.deep.equal({ ada: true, alan: false, grace: true, 'édith 🎓': true });
  });

  it('keeps what a paused directory hears until it is resumed', async () => {
    await open();
    const { directories } = await project.rollcall.tenant('acme');
    await directories.pause('staff');
    project.source.put({ id: 'alan', works: false }, { silently: true });
    await project.tell('alan');
    await project.pass(5);
    expect(await activity()).to.include({ alan: true });
    await directories.resume('staff');
    await project.pass(1);
    expect(await activity()).to.include({ alan: false });
  });

  it('reads the others first where one person cannot be read, and that one when it can', async () => {
    await open();
    for (const id of ['ada', 'alan']) project.source.put({ id, team: 'Engines' }, { silently: true });
    project.source.fails = (path) => (path === '/people/ada' ? 503 : null);
    await project.tell('ada');
    await project.tell('alan');
    await project.pass(0);
    expect(await project.tier('notification')).to.include({ failures: 1, code: 'RC_SOURCE_UNAVAILABLE' });
    await project.pass(1);
    expect((await project.user('alan'))?.attributes.department).to.equal('Engines');
    project.source.fails = () => null;
    await project.pass(2);
    expect((await project.user('ada'))?.attributes.department).to.equal('Engines');
    expect(await project.tier('notification')).to.include({ failures: 0, nextAt: null });
  });

  it('reads all of a directory whose connector reads neither one person nor a stream', async () => {
    await open({ capabilities: { delta: false, one: false }, schedule: '{ full: 1d }' });
    project.source.put({ id: 'alan', works: false });
    await project.pass(120);
    expect(await activity()).to.include({ alan: true });
    await project.tell('alan');
    await project.pass(0);
    expect(await activity()).to.include({ alan: false });
    expect((await project.runs()).map(({ trigger }) => trigger)).to.have.members(['full', 'full', 'notification']);
  });

  it('is shared by two processes: nothing runs twice', async () => {
    await open();
    const other = await project.another();
    project.source.put({ id: 'ada', team: 'Engines' });
    await project.tell('ada');
    const before = (await project.runs()).length;
    await Promise.all([project.pass(5), other.scheduler().drain()]);
    await project.pass(1);
    const all = await project.runs();
    const runs = all.slice(0, all.length - before);
    // Whoever was first may have done the other's work.
    const tiers = runs.filter(({ outcome }) => outcome === 'finished').map(({ tier }) => tier);
    expect(tiers).to.have.length(new Set(tiers).size);
    expect(project.source.countOf('/people/ada')).to.equal(1);
    expect(await project.events('user.updated')).to.have.length(1);
  });

  it('does not draw in a shadow directory, and keeps its stream current', async () => {
    await open({ mode: 'shadow' });
    project.source.put({ id: 'ada', team: 'Engines' });
    await project.pass(5);
    expect(await project.users()).to.deep.equal([]);
    expect((await project.runs())[0]).to.deep.include({ tier: 'delta', shadow: true, outcome: 'finished', pending: 0 });
  });

  it('reports a channel that is silent while others find changes, and ends that when it speaks', async () => {
    await open();
    for (const team of ['A', 'B', 'C']) {
      expect(await project.tier('notification')).to.include({ staleSince: null });
      project.source.put({ id: 'ada', team });
      await project.pass(5);
    }
    await project.pass(2);
    expect(await project.findings('staleDirectory')).to.have.length(1);
    const [alarm] = await project.events('directory.stale');
    expect(alarm?.data).to.include({ directory: 'staff', tier: 'notification' });
    expect(await project.rollcall.freshness()).to.deep.equal({ fresh: 0, failing: 0, stale: 1 });
    await project.tell('ada');
    await project.pass(2);
    expect((await project.tier('notification'))?.staleSince).to.equal(null);
    expect(await project.findings('staleDirectory')).to.deep.equal([]);
    expect(await project.events('directory.fresh')).to.have.length(1);
  });

  it('raises the alarm for a stream that is not read to its end for three intervals', async () => {
    await open();
    project.source.fails = (path) => (path.startsWith('/changes') ? 503 : null);
    for (let n = 0; n < 6; n++) await project.pass(4);
    const { tier, failures } = (await project.tier('delta')) ?? {};
    expect([tier, (failures ?? 0) > 2]).to.deep.equal(['delta', true]);
    const [alarm] = await project.events('directory.stale');
    expect(alarm?.data).to.include({ tier: 'delta', code: 'RC_SOURCE_UNAVAILABLE' });
  });

  it('counts what a source was asked by day and tier, and reports what is beyond its budget until the day is over', async () => {
    await open({ schedule: '{ requestsPerDay: 6 }' });
    // A whole read asks for the cursor and two pages; a delta asks for one page.
    expect((await project.tier('full'))?.requestsToday).to.equal(3);
    expect(await project.findings('requestBudget')).to.deep.equal([]);
    await project.tell('ada');
    for (let n = 0; n < 4; n++) await project.pass(5);
    const [finding] = await project.findings('requestBudget');
    expect(finding?.subject).to.equal('staff');
    const { requests, tiers, ...rest } = finding?.detail as { requests: number; tiers: Record<string, number> };
    expect(rest).to.deep.equal({ directory: 'staff', day: '2026-03-09', budget: 6 });
    expect(tiers.full).to.equal(3);
    expect(Object.values(tiers).reduce((sum, count) => sum + count, 0)).to.equal(requests);
    expect(requests).to.be.greaterThan(6);
    project.source.fails = (path) => (path.startsWith('/changes') ? 503 : null);
    const before = (await project.tier('delta'))?.requestsToday ?? 0;
    await project.pass(5);
    expect((await project.tier('delta'))?.requestsToday).to.equal(before + 1);
    project.source.fails = () => null;
    await project.pass(18 * 60);
    expect(await project.findings('requestBudget')).to.deep.equal([]);
  });
});
