import { expect } from 'chai';
import { createRollcall, readProject } from '@rollcall/core';
import csv from '@rollcall/connector-csv';
import { NEXT_DAY, FIRST_DAY, TestProject } from '../../support/project.js';
import { onBothStores } from '../../support/stores.js';

const LATER = '2026-03-11T08:00:00Z';

onBothStores('what is to be done again', (kind) => {
  let project: TestProject;

  beforeEach(async () => {
    project = await TestProject.create(kind);
  });

  afterEach(() => project.remove());

  const groupsOf = (who: string): Promise<string[]> =>
    project.at(LATER, async (door) => (await door.users.show(who)).groups.map((group) => group.displayName));

  it('ends where there is nobody to draw', async () => {
    await project.apply(FIRST_DAY);
    await project.change('mappings/hr.yaml', 'department: department', 'department: $uppercase(department)');
    await project.apply(FIRST_DAY);
    const first = await project.sync(FIRST_DAY);
    expect(first.runs.map((run) => run.trigger)).to.deep.equal(['mapping', 'manual', 'manual']);
    const second = await project.sync(NEXT_DAY);
    expect(second.runs.map((run) => run.trigger)).to.deep.equal(['manual', 'manual']);
  });

  it('ends after a stop behind its last batch', async () => {
    await project.settle();
    await project.at(NEXT_DAY, async (door) => {
      const stop = new AbortController();
      const done = await door.rederive({
        signal: stop.signal,
        progress: () => {
          stop.abort('SIGINT');
        },
      });
      expect(done.exitCode).to.equal(130);
    });
    const again = await project.at(NEXT_DAY, (door) => door.rederive());
    expect(again.runs.map((run) => run.outcome)).to.deep.equal(['finished', 'finished']);
    const { runs } = await project.sync(NEXT_DAY, { full: true });
    expect(runs.map((run) => run.trigger)).to.deep.equal(['manual', 'manual']);
  });

  it('gives a directory that goes live the groups that its shadow showed', async () => {
    await project.change(
      'tenants/acme.yaml',
      'it:\n    connector: csv\n    mode: live',
      'it:\n    connector: csv\n    mode: shadow',
    );
    await project.settle();
    expect(await groupsOf('hr:E1001')).to.deep.equal([]);
    await project.change('tenants/acme.yaml', 'mode: shadow', 'mode: live');
    await project.apply(NEXT_DAY);
    const sync = await project.sync(NEXT_DAY);
    expect(sync.runs[0]?.changes.memberships.added).to.equal(4);
    expect(await groupsOf('hr:E1001')).to.deep.equal(['admins', 'vpn']);
    expect(await groupsOf('it:9009')).to.deep.equal(['vpn']);
  });

  it('checks claims anew when an attribute of the tenant gets another schema', async () => {
    const schema = (pattern: string): string => `custom: { costCenter: { type: string, pattern: '${pattern}' } }`;
    await project.change('tenants/acme.yaml', 'custom: { costCenter: { type: string } }', schema('^[A-Z]'));
    await project.change('mappings/hr.yaml', 'attributes:', 'attributes:\n  custom.costCenter: department');
    await project.settle();
    await project.change('tenants/acme.yaml', schema('^[A-Z]'), schema('^E'));
    const configuration = await readProject(project.folder, { resolveFrom: import.meta.url });
    await using rollcall = await createRollcall({
      store: project.store.configuration,
      connectors: [csv],
      root: project.folder,
      clock: { now: () => new Date(NEXT_DAY) },
      configuration,
    });
    const planned = await rollcall.apply(configuration, { plan: true });
    expect(planned.tenants[0]?.redo).to.deep.equal([{ trigger: 'mapping', directory: null }]);
    await rollcall.apply(configuration);
    await (await rollcall.tenant('acme')).sync();
    const grace = await (await rollcall.tenant('acme')).users.show('hr:E1002');
    expect(grace.unknown).to.deep.equal(['custom.costCenter']);
  });
});
