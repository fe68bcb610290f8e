import { rm } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { HR_ROWS, IT_ROWS, NEXT_DAY, TestProject } from '../../support/project.js';
import { onBothStores } from '../../support/stores.js';

const [ADA = '', GRACE = '', ALAN = ''] = HR_ROWS;
const DAY = '2026-03-10';

onBothStores('plans of mappings, rules and files', (kind) => {
  let project: TestProject;

  beforeEach(async () => {
    project = await TestProject.create(kind);
    await project.settle();
  });

  afterEach(() => project.remove());

  it('plans and applies a mended mapping without the source', async () => {
    await project.change('mappings/hr.yaml', 'department: department', 'department: $uppercase(department)');
    await project.apply(NEXT_DAY);
    await rm(path.join(project.folder, 'inbox'), { recursive: true });
    const plan = await project.at(NEXT_DAY, (door) => door.rederive({ plan: true, detailedExitCode: true }));
    expect(plan.exitCode).to.equal(2);
    const names = plan.runs.flatMap((run) => run.impact.map((row) => row.who.sourceId));
    expect(names.sort()).to.deep.equal(['hr:E1001', 'hr:E1002', 'hr:E1003']);
    const done = await project.at(NEXT_DAY, (door) => door.rederive());
    expect([done.exitCode, done.runs[0]?.trigger, done.runs[0]?.changes.users.updated]).to.deep.equal([
      0,
      'mapping',
      3,
    ]);
    await project.at(NEXT_DAY, async (door) => {
      const ada = await door.users.show('hr:E1001');
      expect(ada.attributes.department).to.equal('ENGINEERING');
      const history = await door.history('hr:E1001', { attribute: 'department' });
      const versions = new Set(history.items.map((item) => item.cause.mappingVersion));
      expect(versions.size).to.equal(2);
      expect((await door.rederive({ plan: true, detailedExitCode: true })).exitCode).to.equal(0);
    });
  });

  it('plans other rules against everybody and saves nothing', async () => {
    const rules = `
priority: [hr, it]
attributes:
  active: { from: [hr, it] }
  employment.status: { from: [hr] }
  department: { from: [it, hr] }
  emails: { from: [it, hr] }
  groups: { from: [it] }
correlation:
  - { name: employee number, on: employeeNumber, certainty: sure }
  - { name: work e-mail, on: emails.primary, certainty: probable }
lifecycle: { create: [hr, it], preHireDays: 0 }
`;
    const plan = await project.at(NEXT_DAY, (door) => door.rulesPlan(rules, 'rules.yaml', { detailedExitCode: true }));
    expect(plan.exitCode).to.equal(2);
    expect(plan.runs.flatMap((run) => run.impact.map((row) => row.who.sourceId))).to.deep.equal(['hr:E1001']);
    const sync = await project.sync(NEXT_DAY, { full: true });
    expect(sync.runs.map((run) => run.events)).to.deep.equal([null, null]);
  });

  it('shows in a plan what the sync that follows does', async () => {
    await project.hr(DAY, [
      ADA.replace('Active', 'Terminated'),
      GRACE,
      ALAN,
      'E1004;Barbara;Liskov;;Research;Active;2026-03-01;',
    ]);
    await project.it(DAY, [...IT_ROWS, '9010,E1004,barbara,barbara@acme.example,true,,vpn']);
    const plan = await project.plan(NEXT_DAY, { detailedExitCode: true });
    expect(plan.exitCode).to.equal(2);
    const [hr] = plan.runs;
    const gone = hr?.impact.find((row) => row.kind === 'user.deactivated');
    expect(gone?.who).to.deep.equal({ sourceId: 'hr:E1001', name: 'Ada Lovelace' });
    expect(gone?.attributes.find((entry) => entry.attribute === 'active')).to.deep.equal({
      attribute: 'active',
      from: true,
      to: false,
      reason: 'terminated',
      directory: 'hr',
    });
    const sync = await project.sync(NEXT_DAY);
    expect(sync.runs.map((run) => [run.records.read, run.source[0]?.alreadyAccepted])).to.deep.equal([
      [0, true],
      [0, true],
    ]);
    expect(sync.runs.map((run) => run.changes)).to.deep.equal(plan.runs.map((run) => run.changes));
    expect(sync.runs.map((run) => run.conflicts)).to.deep.equal(plan.runs.map((run) => run.conflicts));
  });
});
