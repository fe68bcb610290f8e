import { expect } from 'chai';
import { HR_ROWS, IT_HEADER, IT_ROWS, NEXT_DAY, TestProject } from '../../support/project.js';
import { onBothStores } from '../../support/stores.js';

const [ADA = '', GRACE = '', ALAN = ''] = HR_ROWS;
const LATER = '2026-03-11T08:00:00Z';

function crowd(count: number, change: (row: string) => string = (row) => row): string[] {
  return Array.from({ length: count }, (_, n) =>
    change(`P${1000 + n};Pat;No${n};p${n}@acme.example;Sales;Active;2020-01-01;`),
  );
}

/** Bugs that were found by reading and by trying, each with the case that showed it. */
onBothStores('what went wrong once', (kind) => {
  let project: TestProject;

  beforeEach(async () => {
    project = await TestProject.create(kind);
  });

  afterEach(() => project.remove());

  const activeCount = (now: string): Promise<number> =>
    project.at(now, async (door) => (await door.users.list({ active: true, limit: 500 })).items.length);

  it('a redo does not hold absences that had their consequences long ago', async () => {
    await project.hr('2026-03-09', [...HR_ROWS, ...crowd(60)]);
    await project.settle();
    await project.hr('2026-03-10', [...HR_ROWS, ...crowd(60).slice(12)]);
    await project.sync(NEXT_DAY);
    await project.at(NEXT_DAY, async (door) => {
      const [review] = (await door.reviews()).items;
      await door.reviewDecide(review?.id ?? '', 'approve', 'left', 'ops');
    });
    const before = await activeCount(LATER);
    const again = await project.at(LATER, (door) => door.rederive({ directories: ['hr'] }));
    expect([again.exitCode, again.runs[0]?.held, again.runs[0]?.changes.users.reactivated]).to.deep.equal([0, [], 0]);
    expect(await activeCount(LATER)).to.equal(before);
  });

  it('what a doubted file lacks is unknown for who is in it', async () => {
    const people = Array.from({ length: 33 }, (_, n) => `${8000 + n},,m${n},m${n}@acme.example,true,,vpn`);
    await project.it('2026-03-09', people);
    await project.settle();
    const before = await activeCount(NEXT_DAY);
    const without = (row: string): string =>
      row
        .split(',')
        .filter((_, n) => n !== 4)
        .join(',');
    await project.it('2026-03-10', people.slice(0, 22).map(without), without(IT_HEADER));
    const sync = await project.sync(NEXT_DAY);
    expect(sync.exitCode).to.equal(3);
    expect(sync.runs[1]?.doubts.map((doubt) => doubt.doubt).sort()).to.deep.equal(['columnVanished', 'shrunk']);
    expect(await activeCount(NEXT_DAY)).to.equal(before);
    const one = await project.at(NEXT_DAY, (door) => door.users.show('it:8000'));
    expect([one.active, one.unknown]).to.deep.equal([true, ['active']]);
  });

  it('an absence is noticed beside rows in quarantine whose id is gone', async () => {
    await project.hr('2026-03-09', [...HR_ROWS, ...crowd(3)]);
    await project.settle();
    await project.hr('2026-03-10', [GRACE, ALAN, ...crowd(3)]);
    await project.sync(NEXT_DAY);
    await project.hr('2026-03-11', [ADA, ADA.replace('Engineering', 'Legal'), GRACE, ALAN, ...crowd(3).slice(1)]);
    const sync = await project.sync(LATER);
    expect([sync.exitCode, sync.runs[0]?.records.absent]).to.deep.equal([4, 1]);
    const gone = await project.at(LATER, (door) => door.users.show('hr:P1000'));
    expect(gone.inactive?.reason).to.equal('absent');
  });

  it('two rows of one id on different pages bring nobody back', async () => {
    await project.hr('2026-03-09', [...HR_ROWS, ...crowd(1200)]);
    await project.settle();
    await project.hr('2026-03-10', [GRACE, ALAN, ...crowd(1200)]);
    await project.sync(NEXT_DAY);
    await project.hr('2026-03-11', [ADA, GRACE, ALAN, ...crowd(1200), ADA.replace('Engineering', 'Legal')]);
    const sync = await project.sync(LATER);
    expect([sync.exitCode, sync.runs[0]?.changes.users.reactivated, sync.runs[0]?.records.quarantined]).to.deep.equal([
      4, 0, 2,
    ]);
    const ada = await project.at(LATER, (door) => door.users.show('hr:E1001'));
    expect([ada.active, ada.inactive?.reason]).to.deep.equal([false, 'absent']);
  });

  it('a plan before it does not change what a sync holds', async () => {
    await project.change(
      'tenants/acme.yaml',
      'absences: { count: 10, percent: 5 }',
      'absences: { count: 1, percent: 40 }',
    );
    await project.settle();
    await project.hr('2026-03-10', [GRACE, ALAN]);
    expect((await project.plan(NEXT_DAY)).runs[0]?.wouldHold).to.deep.equal([]);
    const sync = await project.sync(NEXT_DAY);
    expect([sync.exitCode, sync.runs[0]?.changes.users.deactivated]).to.deep.equal([0, 1]);
  });

  it('a redo leaves what is pending to the run of its directory', async () => {
    await project.settle();
    await project.change(
      'tenants/acme.yaml',
      'department: { from: [hr, it], onConflict: log }',
      'department: { from: [it, hr] }',
    );
    await project.apply(NEXT_DAY);
    await project.hr('2026-03-10', [GRACE, ALAN]);
    const plan = await project.plan(NEXT_DAY);
    const sync = await project.sync(NEXT_DAY);
    const told = (runs: typeof sync.runs): unknown[] =>
      runs.map((run) => [run.trigger, run.directory, run.changes.users.deactivated]);
    expect(told(sync.runs)).to.deep.equal([
      ['rules', null, 0],
      ['manual', 'hr', 1],
      ['manual', 'it', 0],
    ]);
    expect(told(plan.runs)).to.deep.equal(told(sync.runs));
  });

  it('a broken mapping stops its own run, not the directories', async () => {
    await project.hr('2026-03-09', [...HR_ROWS, ...crowd(40)]);
    await project.settle();
    await project.change('mappings/hr.yaml', 'department: department', "department: '$lookup($statuses, department)'");
    await project.apply(NEXT_DAY);
    await project.it('2026-03-10', [...IT_ROWS, '9010,,new,new@agency.example,true,,vpn']);
    const sync = await project.sync(NEXT_DAY);
    expect([sync.exitCode, sync.runs[0]?.outcome, sync.runs[0]?.error?.code]).to.deep.equal([
      1,
      'stopped',
      'RC_GUARD_QUARANTINE',
    ]);
    const [broken] = sync.runs;
    expect(broken, 'it says where to look').to.have.nested.property('error.where.attribute', 'department');
    expect(broken)
      .to.have.nested.property('error.where.sourceId')
      .that.matches(/^E\d+$/);
    expect(broken)
      .to.have.nested.property('error.message')
      .that.matches(/One of them, department: \S/);
    expect(sync.runs.find((run) => run.directory === 'it' && run.tier === 'full')?.changes.users.created).to.equal(1);
  });

  it('a plan of a mapping that maps nothing any more warns, although nobody would change', async () => {
    await project.settle();
    await project.change('mappings/hr.yaml', 'department: department', "department: '$lookup($statuses, department)'");
    await project.apply(NEXT_DAY);
    const plan = await project.at(NEXT_DAY, (door) => door.rederive({ plan: true }));
    expect(plan.runs.flatMap(({ impact }) => impact)).to.deep.equal([]);
    expect(plan.runs.map(({ records }) => records.quarantined)).to.deep.equal([3]);
    expect(plan.warnings.map(({ code, message }) => [code, message.slice(0, 20)])).to.deep.equal([
      ['RC_PLAN_UNKNOWN', '3 more records of hr'],
    ]);
  });

  it('a re-derivation that leaves unknown attributes exits 4', async () => {
    await project.settle();
    await project.change('mappings/hr.yaml', 'department: department', "department: '$lookup($statuses, department)'");
    await project.apply(NEXT_DAY);
    const done = await project.at(NEXT_DAY, (door) => door.rederive());
    expect([done.exitCode, done.runs[0]?.records.quarantined]).to.deep.equal([4, 3]);
  });

  it('a doubt about one kind is not settled by the other', async () => {
    await project.change(
      'tenants/acme.yaml',
      "files: { user: 'hr-*.csv' }",
      "files: { user: 'hr-*.csv', group: 'groups-*.csv' }",
    );
    await project.change(
      'tenants/acme.yaml',
      'mappings: { user: mappings/hr.yaml }',
      'mappings: { user: mappings/hr.yaml, group: mappings/groups.yaml }',
    );
    await project.write(
      'mappings/groups.yaml',
      'mapping: groups\nkind: group\nsourceId: id\nattributes:\n  displayName: name\n',
    );
    await project.write('inbox/hr/groups-1.csv', 'id;name\nG1;Board\n');
    await project.settle();
    const group = await project.at(NEXT_DAY, (door) => door.groups.show('Board'));
    expect(group.directory).to.equal('hr');
    await project.hr('2026-03-10', []);
    await project.write('inbox/hr/groups-2.csv', 'id;name\nG1;Directors\n');
    const sync = await project.sync(NEXT_DAY);
    expect([sync.exitCode, sync.runs[0]?.changes.groups]).to.deep.equal([3, { created: 0, updated: 1, removed: 0 }]);
    const open = await project.at(NEXT_DAY, (door) => door.reviews());
    expect(open.items.map((review) => review.doubt)).to.deep.equal(['empty']);
    expect((await project.at(NEXT_DAY, (door) => door.groups.show('Directors'))).id).to.equal(group.id);
    expect((await project.sync(NEXT_DAY)).runs[0]?.events).to.equal(null);
  });

  it('the clock does not go back for a decision either', async () => {
    await project.settle();
    await project.sync(NEXT_DAY);
    const early = await project.at('2026-03-01T00:00:00Z', (door) =>
      door.overrides
        .set('hr:E1001', 'title', 'X', { reason: 'r', until: '2026-04-01T00:00:00Z', by: 'ops' })
        .catch((error: unknown) => error),
    );
    expect(early).to.include({ code: 'RC_CLOCK_BACKWARDS', exitCode: 64 });
  });
});
