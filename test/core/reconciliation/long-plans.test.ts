import type { TenantDoor } from '@rollcall/core';
import { expect } from 'chai';
import { onBothStores } from '../../support/stores.js';
import { FIRST_DAY, NEXT_DAY } from '../../support/project.js';
import { crowd, ListProject } from '../promises/list-project.js';

onBothStores('plans of more than a batch', (kind) => {
  let project: ListProject;

  beforeEach(async () => {
    project = await ListProject.create(kind);
    await project.apply(FIRST_DAY);
    project.people = crowd(600);
  });

  afterEach(() => project.remove());

  const withTenant = <T>(now: string, task: (door: TenantDoor) => Promise<T>): Promise<T> =>
    project.with(now, async (rollcall) => task(await rollcall.tenant('acme')));

  it('say what the sync does and keep nothing', async () => {
    const [planned] = (await withTenant(FIRST_DAY, (door) => door.plan())).runs;
    expect(planned?.changes.users.created).to.equal(600);
    expect(planned?.impact).to.have.length(600);
    await withTenant(FIRST_DAY, async (door) => {
      expect((await door.users.list()).items).to.deep.equal([]);
      expect((await door.events()).items).to.deep.equal([]);
    });
    const [run] = (await project.sync(FIRST_DAY)).runs;
    expect([run?.changes.users.created, run?.records.new]).to.deep.equal([600, 0]);
    const again = await withTenant(NEXT_DAY, (door) => door.rederive({ plan: true }));
    expect(again.runs.flatMap(({ impact }) => impact)).to.deep.equal([]);
  });

  it('show nothing of a directory on which another process is at work', async () => {
    await withTenant(FIRST_DAY, (door) => door.plan());
    await project.inStore((store) =>
      store.write('sweep', async (sql) => {
        await sql('lease').update({ holder: 'another-host:1', expires_at: '2999-01-01T00:00:00.000Z' });
      }),
    );
    const { exitCode, runs } = await withTenant(NEXT_DAY, (door) => door.plan());
    expect([exitCode, runs.map((run) => [run.outcome, run.impact, run.changes.users.created])]).to.deep.equal([
      75,
      [['busy', [], 0]],
    ]);
  });
});
