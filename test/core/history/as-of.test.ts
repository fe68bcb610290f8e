import { expect } from 'chai';
import { foldChanges } from '#core/history/as-of-fold.js';
import { changesUntil, userAsOf } from '#core/history/as-of.js';
import type { AttributeChange } from '#core/history/tables.js';
import type { UserRow, UserState } from '#core/population/tables.js';
import { userState } from '#core/population/user-state.js';
import { day, hrRow, itRow, Population } from '../reading/support.js';

const change = (attribute: string, parts: Partial<AttributeChange>): AttributeChange => ({
  attribute,
  from: null,
  to: null,
  kind: 'value',
  provenance: null,
  reason: null,
  detail: null,
  effectiveAt: null,
  unknown: false,
  ...parts,
});

describe('core/history/as-of', () => {
  let population: Population;
  const asOf = (n: number): Promise<UserState | null> =>
    population.read((sql) => userAsOf(sql, population.tenantId, 'usr-1', day(n)));
  const stored = async (): Promise<UserState> => userState(await population.one<UserRow>('user', { id: 'usr-1' }));

  beforeEach(async () => {
    population = await Population.open();
    await population.furnish();
  });
  afterEach(() => population.close());

  it('folds to the stored user after each of its changes', async () => {
    const hr = await population.record('hr', 'E1001', hrRow(), day(9));
    await population.link(hr, 'usr-1', day(9));
    const states = [await population.settle('usr-1', day(9))];
    const it = await population.record('it', '9001', itRow(), day(10));
    await population.link(it, 'usr-1', day(10), 'sure', 'employee number');
    states.push(await population.settle('usr-1', day(10)));
    await population.observe(hr, hrRow({ status: 'Terminated', department: 'Research' }), day(11));
    states.push(await population.settle('usr-1', day(11)));
    await population.observe(hr, hrRow({ status: 'Probation', hire_date: 'soon' }), day(12));
    states.push(await population.settle('usr-1', day(12)));
    await population.observe(hr, hrRow({ status: 'Active', department: '' }), day(13));
    states.push(await population.settle('usr-1', day(13)));
    await population.gone(hr, 'absent', day(14));
    states.push(await population.settle('usr-1', day(14)));
    expect(states.map(({ active, version }) => [active, version])).to.deep.equal([
      [true, 1],
      [true, 2],
      [false, 3],
      [false, 4],
      [true, 5],
      [false, 6],
    ]);
    expect(states[3]?.unknown).to.deep.equal(['active', 'employment.startDate', 'employment.status']);
    for (const [n, state] of states.entries()) {
      const folded = await asOf(9 + n);
      expect(withValues(folded)).to.deep.equal(withValues(state));
    }
    expect(withValues(await asOf(20))).to.deep.equal(withValues(await stored()));
  });

  it('knows nobody before the first change, and nobody who never was', async () => {
    const hr = await population.record('hr', 'E1001', hrRow(), day(9));
    await population.link(hr, 'usr-1', day(9));
    await population.settle('usr-1', day(9));
    expect(await asOf(8)).to.equal(null);
    expect((await asOf(9))?.version).to.equal(1);
    const nobody = await population.read((sql) => userAsOf(sql, population.tenantId, 'usr-2', day(9)));
    expect(nobody).to.equal(null);
    expect(await population.read((sql) => userAsOf(sql, 'other', 'usr-1', day(9)))).to.equal(null);
  });

  describe('folding', () => {
    const fold = async (): Promise<ReturnType<typeof foldChanges>> =>
      foldChanges(await population.read((sql) => changesUntil(sql, population.tenantId, 'usr-1', null)));

    it('keeps the instant of an inactivity whose reason stays, and takes a new one with a new reason', async () => {
      const denied = { to: false, reason: 'absent' as const };
      await population.change('usr-1', 1, day(9), [change('active', { to: true })]);
      await population.change('usr-1', 2, day(10), [change('active', { ...denied, from: true })]);
      await population.change('usr-1', 3, day(11), [change('active', { ...denied, from: false, kind: 'provenance' })]);
      expect((await fold())?.state.inactive).to.deep.include({ at: day(10), changeId: 'chg-usr-1-2' });
      const ended = change('active', {
        from: false,
        to: false,
        kind: 'provenance',
        reason: 'contract_ended',
        effectiveAt: day(11),
      });
      await population.change('usr-1', 4, day(12), [ended]);
      expect((await fold())?.state.inactive).to.deep.equal({
        reason: 'contract_ended',
        detail: null,
        at: day(12),
        effectiveAt: day(11),
        changeId: 'chg-usr-1-4',
      });
      expect((await fold())?.setBy.get('active')).to.deep.include({ changeId: 'chg-usr-1-2', at: day(10) });
    });

    it('remembers when somebody was active for the first time', async () => {
      await population.change('usr-1', 1, day(9), [change('active', { to: false, reason: 'pre_hire' })]);
      expect((await fold())?.state.firstActiveAt).to.equal(null);
      await population.change('usr-1', 2, day(10), [change('active', { from: false, to: true })]);
      await population.change('usr-1', 3, day(11), [change('active', { from: true, to: false, reason: 'absent' })]);
      await population.change('usr-1', 4, day(12), [change('active', { from: false, to: true })]);
      expect((await fold())?.state).to.deep.include({ firstActiveAt: day(10), active: true, inactive: null });
    });

    it('says whom a merged user lives on in; nothing of it stays unknown', async () => {
      await population.change('usr-1', 1, day(9), [
        change('active', { to: true }),
        change('department', { to: 'x', unknown: true }),
      ]);
      const merged = change('active', { from: true, to: false, reason: 'merged', detail: 'usr-9' });
      await population.change('usr-1', 2, day(10), [merged], {}, 'user.merged');
      expect((await fold())?.state).to.deep.include({ mergedInto: 'usr-9', unknown: [], active: false });
      expect((await fold())?.state.inactive).to.deep.include({ reason: 'merged', detail: null });
    });

    it('drops a value that nobody has any more, and remembers what took it', async () => {
      await population.change('usr-1', 1, day(9), [change('department', { to: 'x' })]);
      await population.change('usr-1', 2, day(10), [change('department', { from: 'x', to: null })]);
      const folded = await fold();
      expect(folded?.state.attributes).to.deep.equal({});
      expect(folded?.setBy.get('department')?.changeId).to.equal('chg-usr-1-2');
    });
  });
});

/** Where nobody has a value, a stored user may still say who left it empty; no change tells of that. */
function withValues(state: UserState | null): unknown {
  if (state === null) return null;
  const provenance = Object.fromEntries(Object.entries(state.provenance).filter(([name]) => name in state.attributes));
  return { ...state, provenance };
}
