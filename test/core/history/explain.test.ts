import { expect } from 'chai';
import type { JsonObject } from '#core/model/json.js';
import { day, HR_MAPPING, hrRow, itRow, Population, RULES } from '../reading/support.js';
import { addAda, explain, explainOne } from './explain-support.js';

describe('core/history/explain', () => {
  let population: Population;
  const one = (attribute: string, at?: string): Promise<JsonObject> => explainOne(population, attribute, at);

  beforeEach(async () => {
    population = await Population.open();
    await population.furnish();
  });
  afterEach(() => population.close());

  it('names winner, mapping, rule, raw payload and the others', async () => {
    const { hr } = await addAda(population);
    await population.conflict('cfl-1', 'usr-1');
    await population.observe(hr, hrRow({ department: 'Research' }), day(11));
    await population.settle('usr-1', day(11));
    const mapping = { version: (await population.one<{ version: string }>('mapping_version', { name: 'hr' })).version };
    const department = await one('department');
    expect(department).to.deep.include({
      value: 'Research',
      state: 'known',
      reason: null,
      since: '2026-03-11T08:00:00Z',
      changeId: 'chg-usr-1-2',
      rule: { version: 1, path: 'attributes.department', strategy: 'priority' },
      override: null,
      hold: null,
      conflictId: 'cfl-1',
    });
    expect(department.winner).to.deep.equal({
      directory: 'hr',
      kind: 'user',
      sourceId: 'E1001',
      value: 'Research',
      runId: `run-${hr}-2`,
      trigger: 'manual',
      tier: 'full',
      observedAt: '2026-03-11T08:00:00Z',
      raw: hrRow({ department: 'Research' }),
      record: { file: 'people.csv', line: 3 },
      mapping: { ...mapping, name: 'hr', file: 'mappings/hr.yaml', line: 8, expression: 'department' },
    });
    const [other, ...more] = department.others as JsonObject[];
    expect(other).to.deep.include({ directory: 'it', sourceId: '9001', value: 'Platform', raw: itRow() });
    expect(other?.mapping).to.deep.include({ name: 'it', line: 9, expression: 'department = "" ? null : department' });
    expect(more).to.deep.equal([]);
  });

  it('lets a denial win and lists the votes of the others', async () => {
    const { hr } = await addAda(population);
    await population.observe(hr, hrRow({ status: 'Terminated' }), day(11));
    await population.settle('usr-1', day(11));
    const active = await one('active');
    expect(active).to.deep.include({
      value: false,
      reason: 'terminated',
      since: '2026-03-11T08:00:00Z',
      effectiveAt: null,
    });
    expect(active.rule).to.deep.equal({ version: 1, path: 'attributes.active', strategy: 'vote' });
    expect(active.winner).to.deep.include({ directory: 'hr', sourceId: 'E1001', value: false, vote: 'deny' });
    expect((active.winner as JsonObject).mapping).to.deep.include({
      line: 9,
      expression: '$lookup($statuses, status) != "terminated"',
    });
    const others = active.others as JsonObject[];
    expect(others.map(({ directory, kind, value, vote }) => [directory, kind, value, vote])).to.deep.equal([
      ['it', 'user', true, 'allow'],
      [null, 'employment', 'terminated', 'deny'],
    ]);
  });

  it('lets employment win by the claims that it rests on', async () => {
    const hr = await population.record('hr', 'E1001', hrRow({ status: 'Future', hire_date: '2026-03-16' }), day(9));
    await population.link(hr, 'usr-1', day(9));
    await population.settle('usr-1', day(9));
    const active = await one('active', '2026-03-10T00:00:00Z');
    expect(active).to.deep.include({ value: false, reason: 'pre_hire', changeId: 'chg-usr-1-1' });
    const winner = active.winner as JsonObject;
    expect(winner).to.deep.include({ directory: null, kind: 'employment', value: 'pre_hire', vote: 'deny' });
    const from = winner.from as JsonObject[];
    expect(
      from.map(({ attribute, directory, sourceId, value }) => [attribute, directory, sourceId, value]),
    ).to.deep.equal([
      ['employment.status', 'hr', 'E1001', 'pre_hire'],
      ['employment.startDate', 'hr', 'E1001', '2026-03-16'],
      ['employment.endDate', 'hr', 'E1001', null],
    ]);
    expect(from[1]?.mapping).to.deep.include({ expression: 'hire_date', line: 11 });
    expect((active.others as JsonObject[]).map(({ directory, vote }) => [directory, vote])).to.deep.equal([
      ['hr', 'allow'],
    ]);
  });

  it('says since when a date made somebody inactive', async () => {
    const { hr } = await addAda(population);
    await population.observe(hr, hrRow({ termination_date: '2026-03-10' }), day(10));
    await population.settle('usr-1', day(10));
    await population.settle('usr-1', day(11));
    expect(await one('active')).to.deep.include({
      value: false,
      reason: 'contract_ended',
      since: '2026-03-11T08:00:00Z',
      effectiveAt: '2026-03-10T23:00:00Z',
    });
  });

  it('lists another record of the same directory, and one that went away', async () => {
    const { it } = await addAda(population);
    const twin = await population.record('it', '9002', itRow({ account_id: '9002', department: 'Twin' }), day(9));
    await population.link(twin, 'usr-1', day(9), 'sure', 'employee number');
    await population.gone(it, 'absent', day(12));
    await population.settle('usr-1', day(12));
    const others = (await one('department')).others as JsonObject[];
    expect(others.map(({ sourceId, value, gone }) => [sourceId, value, gone])).to.deep.equal([
      ['9001', 'Platform', { reason: 'absent', at: '2026-03-12T08:00:00Z' }],
      ['9002', 'Twin', undefined],
    ]);
  });

  it('lets an override win and shows who set it and until when', async () => {
    await addAda(population);
    await population.override('ovr-1', 'usr-1', { set_at: day(10), until: day(30) });
    await population.override('ovr-2', 'usr-1', {
      attribute: 'title',
      value: '"Old"',
      set_at: day(10),
      until: day(12),
    });
    await population.settle('usr-1', day(10));
    const said = {
      directory: null,
      kind: 'override',
      overrideId: 'ovr-1',
      value: 'Board',
      reason: 'asked for',
      setBy: 'someone',
      setAt: '2026-03-10T08:00:00Z',
      until: '2026-03-30T08:00:00Z',
    };
    const department = await one('department');
    expect([department.value, department.winner, department.override]).to.deep.equal(['Board', said, said]);
    expect((department.others as JsonObject[]).map(({ directory }) => directory)).to.deep.equal(['hr', 'it']);
    expect((await one('title')).override).to.equal(null);
    expect((await one('department', '2026-03-09T12:00:00Z')).override).to.equal(null);
  });

  it('shows what a guard holds, and that a held absence counts as present', async () => {
    const { hr } = await addAda(population);
    await population.review('rev-1', { opened_at: day(10) });
    await population.hold('rev-1', hr);
    await population.review('rev-2', { guard: 'attributeChanges', opened_at: day(10) });
    const pinned = JSON.stringify({ value: 'Engineering', reason: null, detail: null });
    await population.hold('rev-2', 'usr-1', { attribute: 'department', pinned });
    await population.gone(hr, 'absent', day(10));
    const department = await one('department');
    expect(department.hold).to.deep.equal({
      kind: 'guard',
      reviewId: 'rev-2',
      guard: 'attributeChanges',
      since: '2026-03-10T08:00:00Z',
      value: 'Engineering',
    });
    const decision = { status: 'rejected', decided_at: day(12), decided_by: 'someone', reason: 'keep it' };
    await population.update('review', { id: 'rev-2' }, decision);
    expect((await one('department')).hold).to.deep.include({ kind: 'pin', reason: 'keep it', setBy: 'someone' });
    expect((await one('department', '2026-03-11T00:00:00Z')).hold).to.deep.include({ kind: 'guard' });
    const active = await one('active');
    expect(active.hold).to.deep.include({ reviewId: 'rev-1', guard: 'absences', value: true });
    expect(active.winner).to.deep.include({ directory: 'hr', vote: 'allow' });
    expect((await one('active', '2026-03-09T12:00:00Z')).hold).to.equal(null);
  });

  it('has no winner where nobody vouches for somebody', async () => {
    const it = await population.record('it', '9001', itRow({ enabled: 'false' }), day(9));
    await population.link(it, 'usr-1', day(9));
    await population.rule(RULES.replace('active: { from: [hr, it] }', 'active: { from: [hr] }'), day(9));
    await population.settle('usr-1', day(9));
    expect(await one('active')).to.deep.include({ value: false, reason: 'no_source', winner: null, others: [] });
  });

  it('names a required directory that has no record', async () => {
    const it = await population.record('it', '9001', itRow(), day(9));
    await population.link(it, 'usr-1', day(9));
    await population.rule(
      RULES.replace('active: { from: [hr, it] }', 'active: { from: [hr, it], require: [hr] }'),
      day(9),
    );
    await population.settle('usr-1', day(9));
    const active = await one('active');
    expect([active.value, active.reason]).to.deep.equal([false, 'no_record']);
    expect(active.winner).to.deep.equal({ directory: 'hr', kind: 'user', sourceId: null, value: null, vote: 'deny' });
  });

  it('leaves records of draft directories out', async () => {
    await addAda(population);
    await population.update('directory', { name: 'it' }, { mode: 'draft' });
    const { attributes } = await explain(population);
    expect((attributes.department as JsonObject).others).to.deep.equal([]);
  });

  it('explains all that a user has, by catalogue name, and one attribute that nobody claims', async () => {
    await addAda(population);
    const { user, at, attributes } = await explain(population);
    expect([user, at]).to.deep.equal(['usr-1', '2026-03-20T08:00:00Z']);
    expect(Object.keys(attributes)).to.deep.equal([
      'active',
      'department',
      'emails',
      'employeeNumber',
      'employment.endDate',
      'employment.startDate',
      'employment.status',
      'name.familyName',
      'name.givenName',
      'userName',
    ]);
    expect(await one('title')).to.deep.equal({
      value: null,
      state: 'known',
      reason: null,
      since: null,
      changeId: null,
      winner: null,
      rule: { version: 1, path: 'priority', strategy: 'priority' },
      override: null,
      hold: null,
      conflictId: null,
      others: [],
    });
  });

  it('resolves references to users and lists one that means nobody yet as saying nothing', async () => {
    const { hr } = await addAda(population);
    const withManager = HR_MAPPING.replace(
      'department: department',
      'department: department\n  manager: \'{"by": "userName", "value": boss}\'',
    );
    await population.map('hr', withManager, day(12));
    await population.observe(hr, hrRow({ boss: 'Grace' }), day(12));
    await population.reference({
      record_id: hr,
      attribute: 'manager',
      directory_id: 'dir-hr',
      by: 'userName',
      value: 'grace',
      target_user_id: null,
    });
    expect((await one('manager')).others).to.deep.equal([]);
    await population.update('reference', { record_id: hr }, { target_user_id: 'usr-boss' });
    expect((await one('manager')).winner).to.deep.include({ directory: 'hr', sourceId: 'E1001' });
  });

  it('explains memberships one by one', async () => {
    await addAda(population);
    await population.group('grp-1', 'vpn');
    await population.member('grp-1', 'usr-1', { from_at: day(10) });
    const groups = await one('groups');
    expect([groups.value, groups.since]).to.deep.equal([['vpn'], '2026-03-10T08:00:00Z']);
    expect((groups.memberships as JsonObject[])[0]).to.deep.include({
      id: 'grp-1',
      directory: 'it',
      since: '2026-03-10T08:00:00Z',
    });
    expect((await one('groups', '2026-03-09T12:00:00Z')).value).to.deep.equal([]);
  });
});
