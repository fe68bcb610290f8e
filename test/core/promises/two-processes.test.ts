import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { isRollcallError } from '@rollcall/core';
import { takeLease } from '#core/scheduling/lease.js';
import { Store } from '#core/store/store.js';
import { rawRows } from '#core/store/table.js';
import { runChild } from '../../kill/run-child.js';
import { FIRST_DAY, NEXT_DAY, TestProject } from '../../support/project.js';
import { onBothStores } from '../../support/stores.js';
import { crowd, ListProject } from './list-project.js';

const SOON = '2999-01-01T00:00:00.000Z';
const LONG_AGO = '2000-01-01T00:00:00.000Z';

/** The number of a process that has ended. */
function deadProcess(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

onBothStores('one process a directory', (kind) => {
  let project: ListProject;

  beforeEach(async () => {
    project = await ListProject.create(kind);
    await project.apply(FIRST_DAY);
  });

  afterEach(() => project.remove());

  const hold = (holder: string, expiresAt: string): Promise<void> =>
    project.inStore((store) =>
      store.write('sweep', async (sql) => {
        await sql('lease').update({ holder, expires_at: expiresAt, token: sql.raw('token + 1') });
      }),
    );

  const count = (name: string): Promise<number> =>
    project.inStore((store) =>
      store.read(async (sql) => {
        const [row] = await rawRows<{ n: number | string }>(sql, `SELECT count(*) AS n FROM "${name}"`);
        return Number(row?.n);
      }),
    );

  it('lets nobody write whose lease was taken over: superseded, and not a row more', async () => {
    project.people = crowd(1_500);
    project.betweenPages = () => hold('another-host:1', SOON);
    const sync = await project.sync(FIRST_DAY);
    const [run] = sync.runs;
    expect([sync.exitCode, run?.outcome, run?.error]).to.deep.equal([0, 'superseded', null]);
    expect([await count('source_record'), run?.pending]).to.deep.equal([1_000, 1_000]);
    for (const name of ['watermark', 'accepted', 'user', 'change', 'event'])
      expect(await count(name), name).to.equal(0);
    const holder = await project.inStore((store) => store.read((sql) => sql('lease').select('holder')));
    expect(holder, 'the other one keeps its lease').to.deep.equal([{ holder: 'another-host:1' }]);
  });

  it('goes on where the superseded one stopped', async () => {
    project.people = crowd(1_500);
    project.betweenPages = () => hold('another-host:1', LONG_AGO);
    await project.sync(FIRST_DAY);
    project.betweenPages = () => Promise.resolve();
    const sync = await project.sync(FIRST_DAY);
    expect(sync.runs.map((run) => [run.outcome, run.records.same, run.records.new])).to.deep.equal([
      ['finished', 1_000, 500],
    ]);
    expect(await count('user')).to.equal(1_500);
    expect(await count('event')).to.equal(1_500);
  });

  const holders: readonly (readonly [who: string, holder: () => string, expiresAt: string, outcome: string])[] = [
    ['a process of this host that has ended', () => `${hostname()}:${deadProcess()}`, SOON, 'finished'],
    ['a process of this host that lives', () => `${hostname()}:${process.ppid}`, SOON, 'busy'],
    ['a process of another host', () => 'another-host:1', SOON, 'busy'],
    ['a process of another host that gave no sign of life', () => 'another-host:1', LONG_AGO, 'finished'],
  ];
  for (const [who, holder, expiresAt, outcome] of holders) {
    it(`is ${outcome} where the lease is held by ${who}`, async () => {
      project.people = crowd(3);
      await project.sync(FIRST_DAY);
      await hold(holder(), expiresAt);
      const sync = await project.sync(NEXT_DAY);
      expect(sync.runs.map((run) => run.outcome)).to.deep.equal([outcome]);
      expect(sync.exitCode).to.equal(outcome === 'busy' ? 75 : 0);
      if (outcome === 'busy') expect(sync.runs[0]?.error?.code).to.equal('RC_DIRECTORY_BUSY');
    });
  }

  if (kind.name === 'PostgreSQL')
    it('answers busy while the holder is in the middle of a transaction, and does not wait for its end', async () => {
      project.people = crowd(3);
      await project.sync(FIRST_DAY);
      await hold('another-host:1', SOON);
      const outcomes = await project.inStore((store) =>
        store.write('sweep', async (sql) => {
          const [row] = await rawRows<{ holder: string }>(sql, 'SELECT holder FROM lease FOR UPDATE');
          expect(row?.holder).to.equal('another-host:1');
          const sync = await project.sync(NEXT_DAY);
          return sync.runs.map((run) => [run.outcome, run.error?.code]);
        }),
      );
      expect(outcomes).to.deep.equal([['busy', 'RC_DIRECTORY_BUSY']]);
    });

  it('gives the lease to one of several that ask at once', async () => {
    const stores = Array.from({ length: 3 }, () => new Store(project.place.configuration));
    try {
      for (let round = 0; round < 10; round++) {
        const place = { tenantId: 'acme', directoryId: `dir-${round}`, lane: 'sweep', directory: 'hr' };
        const taken = await Promise.allSettled(
          stores.map((store) => store.write('sweep', (sql) => takeLease(sql, place))),
        );
        const codes = taken.map((end) => (end.status === 'fulfilled' ? end.value.token : codeOf(end.reason)));
        expect(codes.sort()).to.deep.equal([1, 'RC_DIRECTORY_BUSY', 'RC_DIRECTORY_BUSY']);
      }
    } finally {
      for (const store of stores) await store.close();
    }
  });

  it('lets no given clock go back behind the last run', async () => {
    project.people = crowd(3);
    await project.sync(NEXT_DAY);
    project.people = crowd(5);
    const refused = await project.sync(FIRST_DAY).then(
      () => null,
      (error: unknown) => error,
    );
    expect(isRollcallError(refused) && [refused.code, refused.exitCode]).to.deep.equal(['RC_CLOCK_BACKWARDS', 64]);
    expect(await count('user')).to.equal(3);
  });
});

onBothStores('two processes on one project', (kind) => {
  let project: TestProject;

  beforeEach(async () => {
    project = await TestProject.create(kind);
    await project.apply(FIRST_DAY);
  });

  afterEach(() => project.remove());

  it('answers 75 to the second on a directory, and lets it work once the first was killed', async () => {
    const order = {
      root: project.folder,
      store: project.store.configuration,
      now: FIRST_DAY,
      phaseFile: path.join(project.folder, 'phase'),
      aim: { phase: 'observe', nth: 1, hold: true } as const,
    };
    const second: unknown[] = [];
    const first = await runChild(order, async () => {
      const sync = await project.sync(FIRST_DAY, { directories: ['hr'] });
      second.push(sync.exitCode, sync.runs[0]?.outcome, sync.runs[0]?.error?.code);
    });
    expect(second).to.deep.equal([75, 'busy', 'RC_DIRECTORY_BUSY']);
    expect(first.killed).to.equal(true);
    const third = await project.sync(FIRST_DAY);
    expect(third.runs.map((run) => run.outcome)).to.deep.equal(['finished', 'finished']);
    expect(third.runs[1]?.events?.last).to.equal(14);
  });

  it('brings every person once where two directories of a tenant are synced at the same time', async () => {
    const hr: string[] = [];
    const it: string[] = [];
    for (let n = 1; n <= 600; n++) {
      hr.push(`E${n};First;Last${n};p${n}@acme.example;Sales;Active;2020-01-06;`);
      it.push(`A${n},E${n},u${n},p${n}@acme.example,true,,vpn`);
    }
    await project.hr('2026-03-10', hr);
    await project.it('2026-03-10', it);
    const syncs = await Promise.all(['hr', 'it'].map((name) => project.sync(NEXT_DAY, { directories: [name] })));
    expect(syncs.map((sync) => sync.runs.map((run) => [run.outcome, run.error]))).to.deep.equal([
      [['finished', null]],
      [['finished', null]],
    ]);
    await project.at(NEXT_DAY, async (door) => {
      expect((await door.users.list({ limit: 1_000 })).items).to.have.length(600);
      const sequences = (await door.events({ limit: 10_000 })).items.map((event) => event.sequence);
      expect(sequences).to.deep.equal(sequences.map((_, n) => n + 1));
    });
  });
});

function codeOf(error: unknown): string {
  return isRollcallError(error) ? error.code : String(error);
}
