import { AuthenticationFailed, defineConnector, type ConnectorDefinition } from '@rollcall/connector-kit';
import { createRollcall, type Rollcall, type TierDocument } from '@rollcall/core';
import { expect } from 'chai';
import { FIRST_DAY, HR_ROWS, TestProject } from '../../support/project.js';
import { onBothStores } from '../../support/stores.js';

const MINUTE = 60_000;

/** Stands for csv, and is refused by its source. */
const refusing = defineConnector({
  id: 'csv',
  apiVersion: 1,
  title: 'Refused',
  settings: { type: 'object' },
  capabilities: { kinds: ['user', 'group'], full: true, delta: false, one: false, notifications: false },
  needs: {},
  create: () => ({
    check: () => Promise.resolve({ steps: [], sample: [] }),
    readFull: () => {
      throw new AuthenticationFailed({ what: 'The password is wrong.', where: {}, mend: 'Set another.' });
    },
  }),
});

onBothStores('an installation that keeps itself current', (kind) => {
  let project: TestProject;
  let rollcall: Rollcall;
  let now: Date;

  beforeEach(async () => {
    project = await TestProject.create(kind);
    now = new Date(FIRST_DAY);
    await project.apply(FIRST_DAY);
    rollcall = await project.openWith({ now: () => now });
  });

  afterEach(async () => {
    await rollcall.close();
    await project.remove();
  });

  const reopen = async (): Promise<void> => {
    await rollcall.close();
    rollcall = await project.openWith({ now: () => now });
  };

  async function drainAt(instant: string | number): Promise<void> {
    now = new Date(instant);
    await rollcall.scheduler().drain();
  }

  async function runs(): Promise<{ directory: string | null; trigger: string; outcome: string }[]> {
    const door = await rollcall.tenant('acme');
    return (await door.runs.list({ limit: 200 })).items.map(({ directory, trigger, outcome }) => ({
      directory,
      trigger,
      outcome,
    }));
  }

  async function tier(directory: string): Promise<TierDocument> {
    const found = (await (await rollcall.tenant('acme')).directories.schedule()).find(
      (entry) => entry.directory === directory,
    );
    if (found === undefined) throw new Error(`${directory} has no tier`);
    return found;
  }

  const activity = async (who: string): Promise<boolean> =>
    (await (await rollcall.tenant('acme')).users.show(who)).active;

  it('reads every directory at once when it is new, then as its schedule says', async () => {
    await drainAt(FIRST_DAY);
    expect((await runs()).map(({ directory, trigger }) => [directory, trigger])).to.have.deep.members([
      ['hr', 'full'],
      ['it', 'full'],
    ]);
    expect(await activity('hr:E1001')).to.equal(true);
    expect(await tier('hr')).to.include({
      schedule: '15m',
      nextAt: '2026-03-09T08:15:00Z',
      freshAt: FIRST_DAY,
      lastOutcome: 'finished',
      failures: 0,
      isRunning: false,
      staleSince: null,
    });
    await drainAt('2026-03-09T08:14:59Z');
    expect(await runs()).to.have.length(2);
    await project.hr('2026-03-10', [...HR_ROWS, 'E1009;Carol;Shaw;carol@acme.example;Games;Active;2026-03-01;']);
    await drainAt('2026-03-09T08:15:00Z');
    expect(await activity('hr:E1009')).to.equal(true);
  });

  it('does when their day has come what no file has to say', async () => {
    await drainAt(FIRST_DAY);
    expect(await activity('hr:E1002')).to.equal(false);
    await drainAt('2026-03-15T23:00:00Z');
    expect((await runs()).map(({ trigger }) => trigger)).to.include('clock');
    expect(await activity('hr:E1002')).to.equal(true);
  });

  it('works off what an apply asked for', async () => {
    await drainAt(FIRST_DAY);
    await project.change('tenants/acme.yaml', 'timeZone: Europe/Berlin', 'timeZone: Europe/Paris');
    await project.apply(FIRST_DAY);
    await reopen();
    await drainAt('2026-03-09T08:01:00Z');
    expect((await runs()).map(({ trigger }) => trigger)).to.include('rules');
  });

  it('leaves a failing directory alone for longer and longer, remembers it over a restart, and raises one alarm', async () => {
    await drainAt(FIRST_DAY);
    await project.hr('2026-03-10', ['Ada;Lovelace'], 'first_name;last_name');
    let failures = 0;
    for (let at = Date.parse(FIRST_DAY) + 15 * MINUTE; at < Date.parse(FIRST_DAY) + 90 * MINUTE; at += MINUTE) {
      await drainAt(at);
      if (at % (30 * MINUTE) === 0) await reopen();
      failures = (await tier('hr')).failures;
    }
    const failed = (await runs()).filter(({ directory, outcome }) => directory === 'hr' && outcome === 'failed');
    // After 1, 2, 4, 8, 16 and 32 minutes.
    expect([failed.length, failures]).to.deep.equal([7, 7]);
    expect(await tier('hr')).to.include({
      lastOutcome: 'failed',
      freshAt: FIRST_DAY,
      staleSince: '2026-03-09T08:46:00Z',
    });
    const door = await rollcall.tenant('acme');
    const alarms = (await door.events({ limit: 1000 })).items.filter(({ type }) => type.startsWith('directory.'));
    expect(alarms.map(({ type, data }) => [type, (data as { directory: string }).directory])).to.deep.equal([
      ['directory.stale', 'hr'],
    ]);
    expect((await door.findings()).items.map(({ name, subject }) => [name, subject])).to.deep.equal([
      ['staleDirectory', 'hr/full'],
    ]);
    expect(await rollcall.freshness()).to.deep.equal({ fresh: 1, failing: 0, stale: 1 });
    await project.hr('2026-03-12', HR_ROWS);
    await drainAt(Date.parse(FIRST_DAY) + 180 * MINUTE);
    await drainAt(Date.parse(FIRST_DAY) + 181 * MINUTE);
    expect(await tier('hr')).to.include({ lastOutcome: 'finished', failures: 0, staleSince: null });
    const fresh = (await door.events({ limit: 1000, type: 'directory.fresh' })).items.map(({ data }) => data);
    expect(fresh.map((data) => (data as { directory: string }).directory)).to.include('hr');
    expect((await door.findings()).items).to.deep.equal([]);
  });

  it('lets go of a paused directory, and takes it up again at once', async () => {
    const door = await rollcall.tenant('acme');
    await door.directories.pause('hr');
    await drainAt(FIRST_DAY);
    expect((await runs()).map(({ directory }) => directory)).to.deep.equal(['it']);
    await door.directories.resume('hr');
    await drainAt('2026-03-09T08:01:00Z');
    expect((await runs()).map(({ directory }) => directory)).to.include('hr');
  });

  it('is shared by two processes: nothing runs twice', async () => {
    const other = await project.openWith({ now: () => now });
    try {
      await Promise.all([rollcall.scheduler().drain(), other.scheduler().drain()]);
      expect((await runs()).map(({ directory }) => directory).sort()).to.deep.equal(['hr', 'it']);
    } finally {
      await other.close();
    }
  });

  async function reopenWith(connectors: ConnectorDefinition[]): Promise<void> {
    await rollcall.close();
    const { configuration: store } = project.store;
    rollcall = await createRollcall({ store, connectors, root: project.folder, clock: { now: () => now } });
  }

  it('leaves alone for an hour what a person has to mend', async () => {
    await reopenWith([refusing]);
    for (const minute of [0, 1, 2, 4, 59]) await drainAt(Date.parse(FIRST_DAY) + minute * MINUTE);
    expect(await runs()).to.have.length(2);
    expect(await tier('hr')).to.include({ code: 'RC_AUTHENTICATION_FAILED', nextAt: '2026-03-09T09:00:00Z' });
  });

  it('goes on with the others where the connector of a directory is gone', async () => {
    await reopenWith([]);
    await drainAt(FIRST_DAY);
    expect((await runs()).map(({ outcome }) => outcome)).to.deep.equal(['failed', 'failed']);
    expect(await tier('hr')).to.include({ schedule: 'nightly', failures: 1 });
  });
});
