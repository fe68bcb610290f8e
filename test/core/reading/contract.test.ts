import { expect } from 'chai';
import type { TenantDoor } from '#core/api.js';
import { foldChanges } from '#core/history/as-of-fold.js';
import { changesUntil, stateOf } from '#core/history/as-of.js';
import type { JsonObject } from '#core/model/json.js';
import type { UserRow, UserState } from '#core/population/tables.js';
import { userState } from '#core/population/user-state.js';
import { Project } from './project.js';

const without = (id: string, file: string): string =>
  file
    .split('\n')
    .filter((line) => !line.startsWith(id))
    .join('\n');

describe('core/reading on the contract fixture', () => {
  let project: Project;
  let tenant: TenantDoor;
  const explain = async (who: string, attribute: string, at?: string): Promise<JsonObject> => {
    const { attributes } = await tenant.explain(who, { attribute, ...(at === undefined ? {} : { at }) });
    return attributes[attribute] as JsonObject;
  };

  beforeEach(async () => {
    project = await Project.open();
    tenant = await project.door();
    await project.sync(9);
  });
  afterEach(() => project.close());

  it('explains why Alan is inactive, down to the line of the mapping', async () => {
    const active = await explain('hr:E1003', 'active');
    const [conflict] = (await tenant.conflicts()).items.filter(({ attribute }) => attribute === 'active');
    const user = await tenant.users.show('hr:E1003');
    expect(active).to.deep.include({
      value: false,
      state: 'known',
      reason: 'terminated',
      since: '2026-03-09T08:00:00Z',
      changeId: user.inactive?.changeId,
      rule: { version: 1, path: 'attributes.active', strategy: 'vote' },
      override: null,
      hold: null,
      conflictId: conflict?.id,
    });
    const winner = active.winner as JsonObject;
    expect(winner).to.deep.include({ directory: 'hr', kind: 'user', sourceId: 'E1003', value: false, tier: 'full' });
    expect(winner.raw).to.deep.include({ employee_id: 'E1003', status: 'Terminated', termination_date: '2026-03-06' });
    expect(winner.mapping).to.deep.include({
      name: 'hr',
      file: 'mappings/hr.yaml',
      line: 11,
      expression: '$lookup($statuses, status) != "terminated"',
    });
    const others = active.others as JsonObject[];
    expect(others.map(({ directory, sourceId, value, vote }) => [directory, sourceId, value, vote])).to.deep.equal([
      ['it', '9003', true, 'allow'],
      [null, undefined, 'terminated', 'deny'],
    ]);
  });

  it('tells in history how HR made Alan and IT named him', async () => {
    const { items } = await tenant.history('hr:E1003', { attribute: 'userName' });
    expect(
      items.map(({ version, kind, from, to, cause }) => [version, kind, from, to, cause.directory, cause.sourceId]),
    ).to.deep.equal([[2, 'user.updated', null, 'alan', 'it', '9003']]);
    const groups = await tenant.history('hr:E1003', { attribute: 'groups' });
    expect(groups.items.map(({ version, kind, to }) => [version, kind, to])).to.deep.equal([
      [2, 'membership.added', 'vpn'],
    ]);
  });

  it('explains who went away, and as of that day once she is back', async () => {
    await project.sync(10, without('E1001', project.hrFile));
    const gone = await explain('hr:E1001', 'active');
    expect([gone.value, gone.reason]).to.deep.equal([false, 'absent']);
    expect(gone.winner).to.deep.include({
      directory: 'hr',
      vote: 'deny',
      gone: { reason: 'absent', at: '2026-03-10T08:00:00Z' },
    });
    const department = await explain('hr:E1001', 'department');
    expect([department.value, department.conflictId]).to.deep.equal(['Platform', null]);
    await project.sync(11, project.hrFile);
    expect((await explain('hr:E1001', 'active')).value).to.equal(true);
    expect(await explain('hr:E1001', 'active', '2026-03-10T12:00:00Z')).to.deep.include({
      value: false,
      reason: 'absent',
    });
    const then = await tenant.users.show('hr:E1001', '2026-03-10T12:00:00Z');
    expect(then.records.map(({ directory, present }) => [directory, present])).to.deep.equal([
      ['hr', false],
      ['it', true],
    ]);
  });

  it('lets the date decide until it has come', async () => {
    const before = await explain('hr:E1002', 'active');
    expect([before.reason, (before.winner as JsonObject).kind]).to.deep.equal(['pre_hire', 'employment']);
    await project.sync(16);
    expect(await explain('hr:E1002', 'active')).to.deep.include({
      value: true,
      since: '2026-03-16T08:00:00Z',
      effectiveAt: '2026-03-15T23:00:00Z',
    });
    expect(await explain('hr:E1002', 'active', '2026-03-12T00:00:00Z')).to.deep.include({
      value: false,
      reason: 'pre_hire',
    });
  });

  it('shows line + 3 once three lines stand above and are applied', async () => {
    project.edit('mappings/hr.yaml', (text) => `# one\n# two\n# three\n${text}`);
    project.at('2026-03-10T07:00:00Z');
    await project.apply();
    await project.sync(10);
    const lineOf = async (at?: string): Promise<unknown> =>
      (((await explain('hr:E1003', 'active', at)).winner as JsonObject).mapping as JsonObject).line;
    expect(await lineOf()).to.equal(14);
    expect(await lineOf('2026-03-09T12:00:00Z')).to.equal(11);
  });

  it('explains a merged user by the merge, and shows it as it was before', async () => {
    const carol = await tenant.users.show('it:9009');
    project.edit('inbox/it/it-2026-03-09.csv', (text) => text.replace('9009,,carol', '9009,E1002,carol'));
    project.rename('inbox/it/it-2026-03-09.csv', 'inbox/it/it-2026-03-10.csv');
    await project.sync(10);
    const survivor = await tenant.users.show('hr:E1002');
    expect((await tenant.users.show('it:9009')).id).to.equal(survivor.id);
    const merged = await tenant.users.show(carol.id);
    expect([merged.active, merged.inactive?.reason, merged.mergedInto]).to.deep.equal([false, 'merged', survivor.id]);
    expect(await explain(carol.id, 'active')).to.deep.include({
      value: false,
      reason: 'merged',
      changeId: merged.inactive?.changeId,
      winner: { directory: null, kind: 'merge', value: false, mergedInto: survivor.id },
      others: [],
    });
    expect(await tenant.users.show(carol.id, '2026-03-09T12:00:00Z')).to.deep.equal(carol);
  });

  it('folds every history to the stored user, and every list to the last event of its item', async () => {
    await project.sync(10, without('E1001', project.hrFile));
    await project.sync(11, project.hrFile.replace('Engineering;Active', 'Engineering;Probation'));
    await project.sync(12, project.hrFile.replace('Active;2020-01-06', 'Terminated;soon'));
    await project.sync(16, project.hrFile);
    const store = project.openStore();
    try {
      const rows = await store.read(async (sql) => (await sql('user').where({ tenant_id: 'acme' })) as UserRow[]);
      expect(rows.length).to.equal(4);
      for (const row of rows) {
        const folded = foldChanges(await store.read((sql) => changesUntil(sql, 'acme', row.id, null)));
        const state = userState(row);
        expect(folded === null ? null : withValues(stateOf(state, folded))).to.deep.equal(withValues(state));
      }
    } finally {
      await store.close();
    }
    const { items: events } = await tenant.events({ limit: 1000 });
    const conflicts = new Map((await tenant.conflicts({ all: true })).items.map((item) => [item.id, item]));
    const last = new Map(
      events.filter(({ type }) => type.startsWith('conflict.')).map((event) => [event.subject.id, event]),
    );
    expect(last.size).to.be.greaterThan(2);
    for (const [id, { data }] of last) expect(conflicts.get(id)).to.deep.equal(data);
  });
});

/** Where nobody has a value, a stored user may still say who left it empty; no change tells of that. */
function withValues(state: UserState): unknown {
  const provenance = Object.fromEntries(Object.entries(state.provenance).filter(([name]) => name in state.attributes));
  return { ...state, provenance };
}
