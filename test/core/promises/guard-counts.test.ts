import { expect } from 'chai';
import { isSqlite, type Sql } from '#core/store/table.js';
import { onBothStores } from '../../support/stores.js';
import { crowd, ListProject } from './list-project.js';

const FIRST = '2026-03-09T08:00:00Z';
const SECOND = '2026-03-10T08:00:00Z';
const HOUR_LATER = '2026-03-10T09:00:00Z';

/** From now on no run can be stored as ended, as if its process had been killed just before. */
async function refuseEnds(sql: Sql): Promise<void> {
  if (isSqlite(sql)) {
    await sql.raw(
      `CREATE TRIGGER refuse_end BEFORE UPDATE ON run WHEN NEW.outcome <> 'running' BEGIN SELECT RAISE(ABORT, 'no end'); END`,
    );
    return;
  }
  await sql.raw(
    `CREATE FUNCTION refuse_end() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no end'; END $$`,
  );
  await sql.raw(
    `CREATE TRIGGER refuse_end BEFORE UPDATE ON run FOR EACH ROW WHEN (NEW.outcome <> 'running') EXECUTE FUNCTION refuse_end()`,
  );
}

async function allowEnds(sql: Sql): Promise<void> {
  await sql.raw(`DROP TRIGGER refuse_end${isSqlite(sql) ? '' : ' ON run'}`);
}

/** A drip of runs trips, too: what each let through is remembered for a day, no more and no less. */
onBothStores('what runs let through', (kind) => {
  let project: ListProject;

  beforeEach(async () => {
    project = await ListProject.create(kind);
    await project.apply(FIRST);
    project.people = crowd(100);
    await project.sync(FIRST);
  });

  afterEach(() => project.remove());

  const stored = (): Promise<{ outcome: string; guard_counts: string }[]> =>
    project.inStore((store) =>
      store.read((sql) =>
        sql('run').orderBy('id').select<{ outcome: string; guard_counts: string }[]>('outcome', 'guard_counts'),
      ),
    );

  it('counts nothing of a transaction that failed', async () => {
    project.people = crowd(100).slice(6);
    await project.inStore((store) =>
      store.write('sweep', async (sql) => {
        await sql.schema.renameTable('event', 'event_away');
      }),
    );
    const failed = await project.sync(SECOND);
    expect(failed.runs.map((run) => run.outcome)).to.deep.equal(['failed']);
    await project.inStore((store) =>
      store.write('sweep', async (sql) => {
        await sql.schema.renameTable('event_away', 'event');
      }),
    );
    expect((await stored()).at(-1)?.guard_counts).to.equal('{}');
    const [run] = (await project.sync(HOUR_LATER)).runs;
    expect([run?.held, run?.changes.users.deactivated]).to.deep.equal([[], 6]);
  });

  it('is stored with what it let through: a run that cannot end is not forgotten', async () => {
    project.people = crowd(100).slice(9);
    await project.inStore((store) => store.write('sweep', refuseEnds));
    await project.sync(SECOND);
    expect((await stored()).at(-1)).to.deep.equal({ outcome: 'running', guard_counts: '{"absences/":9}' });
    await project.inStore((store) => store.write('sweep', allowEnds));
    project.people = crowd(100).slice(18);
    const [run] = (await project.sync(HOUR_LATER)).runs;
    expect(run?.held.map(({ guard, count }) => [guard, count])).to.deep.equal([['absences', 18]]);
  });

  it('stays the verdict of a run that lost its lease while its source was told', async () => {
    project.people = crowd(100).slice(15);
    project.committed = () =>
      project.inStore((store) =>
        store.write('sweep', async (sql) => {
          await sql('lease').update({ holder: 'another-host:1', token: sql.raw('token + 1') });
        }),
      );
    const sync = await project.sync(SECOND);
    expect(sync.exitCode).to.equal(3);
    expect(sync.runs.map((run) => [run.outcome, run.held.length])).to.deep.equal([['held', 1]]);
    expect((await stored()).at(-1)?.outcome).to.equal('held');
  });
});
