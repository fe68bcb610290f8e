import { expect } from 'chai';
import type { ClaimedRecord } from '#core/model/claims.js';
import type { Json } from '#core/model/json.js';
import type { ResolutionInput } from '#core/model/resolution.js';
import { absent, answer, record, retired, rule, rules, unknown } from './resolution-support.js';

const own = rules({ department: rule(['hr', 'it']) });
const hr = (department: Parameters<typeof record>[1][string], more: Partial<ClaimedRecord> = {}) =>
  record('hr:1', { department }, more);
const it9 = (department: Parameters<typeof record>[1][string], more: Partial<ClaimedRecord> = {}) =>
  record('it:9', { department }, more);

interface Row {
  it: string;
  records: ClaimedRecord[];
  more?: Partial<ResolutionInput>;
  value: Json | undefined;
  winner?: string;
  state?: 'known' | 'unknown';
  path?: string;
}

const rows: Row[] = [
  { it: 'takes the first of from', records: [it9('B'), hr('A')], value: 'A', winner: 'hr:1' },
  {
    it: 'falls through where the first says nothing',
    records: [record('hr:1', {}), it9('B')],
    value: 'B',
    winner: 'it:9',
  },
  { it: 'lets null win as empty at its rank', records: [hr(null), it9('B')], value: null, winner: 'hr:1' },
  {
    it: 'lets an unknown claim speak with its last good value',
    records: [hr(unknown('A')), it9('B')],
    value: 'A',
    winner: 'hr:1',
    state: 'unknown',
  },
  {
    it: 'lets an unknown claim speak with a last good null',
    records: [hr(unknown(null)), it9('B')],
    value: null,
    winner: 'hr:1',
    state: 'unknown',
  },
  {
    it: 'passes over an unknown claim without a last good value',
    records: [hr(unknown()), it9('B')],
    value: 'B',
    winner: 'it:9',
  },
  {
    it: 'calls a value known whose loser is unknown',
    records: [hr('A'), it9(unknown('B'))],
    value: 'A',
    winner: 'hr:1',
  },
  { it: 'hears nobody outside from', records: [record('idp:1', { department: 'C' })], value: undefined },
  {
    it: 'hears nobody outside from, though priority names it',
    records: [it9('B')],
    more: { rules: rules({ department: rule(['hr']) }) },
    value: undefined,
  },
  {
    it: 'serves an attribute without a rule by priority',
    records: [it9('B'), hr('A')],
    more: { rules: rules() },
    value: 'A',
    winner: 'hr:1',
    path: 'priority',
  },
  {
    it: 'hears nobody outside priority either',
    records: [it9('B')],
    more: { rules: rules({}, {}, ['hr']) },
    value: undefined,
  },
  { it: 'puts a gone record below a present one', records: [hr('A', absent), it9('B')], value: 'B', winner: 'it:9' },
  {
    it: 'lets a gone record speak where no present one does',
    records: [hr('A', absent), record('it:9', {})],
    value: 'A',
    winner: 'hr:1',
  },
  {
    it: 'puts a retired record below a present one',
    records: [hr('A', retired), it9('B')],
    value: 'B',
    winner: 'it:9',
  },
  {
    it: 'ranks gone and retired ones among each other by from',
    records: [it9('B', absent), hr('A', retired)],
    value: 'A',
    winner: 'hr:1',
  },
  {
    it: 'lets a present null outrank a gone value',
    records: [hr('A', absent), it9(null)],
    value: null,
    winner: 'it:9',
  },
];

describe('core/resolution, attributes', () => {
  for (const row of rows) {
    it(row.it, () => {
      const resolution = answer(row.records, { rules: own, ...row.more });
      const found = resolution.attributes.department;
      expect(found?.value).to.equal(row.value);
      if (row.value === undefined) expect(resolution.attributes).to.not.have.property('department');
      else {
        expect(found).to.deep.equal({
          value: row.value,
          state: row.state ?? 'known',
          winner: { by: 'directory', directory: row.winner?.split(':')[0], recordId: row.winner, overrideId: null },
          rule: { path: row.path ?? 'attributes.department', strategy: 'priority' },
          reason: null,
          detail: null,
          effectiveAt: null,
        });
      }
      expect(resolution.unknown).to.deep.equal(row.state === 'unknown' ? ['department'] : []);
    });
  }

  it('leaves out what the catalogue does not know, and groups always', () => {
    const resolution = answer([record('it:9', { groups: ['vpn'], 'custom.gone': 'x', 'custom.costCenter': 'c1' })], {
      overrides: [{ overrideId: 'ovr-1', attribute: 'groups', value: [] }],
    });
    expect(Object.keys(resolution.attributes)).to.deep.equal(['custom.costCenter', 'active']);
  });

  it('takes a manager that was resolved to a user id like any single value', () => {
    const resolution = answer([record('hr:1', { manager: 'usr-7' }), record('it:9', { manager: 'usr-8' })]);
    expect(resolution.attributes.manager?.value).to.equal('usr-7');
  });

  it('names every attribute whose shown value is a last good one', () => {
    const claims = { title: unknown('CEO'), department: unknown(null), active: unknown(true), displayName: 'Ada' };
    expect(answer([record('hr:1', claims)]).unknown).to.have.members(['title', 'department', 'active']);
  });

  describe('several records of one directory', () => {
    const twins = (
      one: Parameters<typeof record>[1],
      other: Parameters<typeof record>[1],
      more: Partial<ClaimedRecord> = {},
    ) =>
      answer([record('hr:1', { ...one, department: 'A' }, more), record('hr:2', { ...other, department: 'B' })], {
        rules: own,
      }).attributes.department?.value;

    it('lets the present one speak before the gone one', () => {
      expect(twins({ 'employment.status': 'active' }, { 'employment.status': 'terminated' }, absent)).to.equal('B');
    });
    for (const [better, worse] of [
      ['active', 'on_leave'],
      ['on_leave', 'pre_hire'],
      ['pre_hire', 'terminated'],
    ] as const) {
      it(`lets ${better} speak before ${worse}`, () => {
        expect(twins({ 'employment.status': worse }, { 'employment.status': better })).to.equal('B');
        expect(twins({ 'employment.status': better }, { 'employment.status': worse })).to.equal('A');
      });
    }
    it('takes active true for active and false for terminated where there is no status', () => {
      expect(twins({ 'employment.status': 'on_leave' }, { active: true })).to.equal('B');
      expect(twins({ 'employment.status': 'terminated' }, { active: false })).to.equal('A');
      expect(twins({ active: false }, { 'employment.status': 'pre_hire' })).to.equal('B');
      expect(twins({ active: true, 'employment.status': 'terminated' }, { active: false })).to.equal('A');
    });
    it('puts the one that does not say where it stands last', () => {
      expect(twins({}, { active: false })).to.equal('B');
      expect(twins({ active: null }, { 'employment.status': 'terminated' })).to.equal('B');
    });
    it('reads the last good value of an unknown status', () => {
      expect(
        twins({ 'employment.status': unknown('terminated') }, { 'employment.status': unknown('active') }),
      ).to.equal('B');
    });
    it('then takes the latest start, a missing one being the earliest', () => {
      expect(twins({ 'employment.startDate': '2020-01-06' }, { 'employment.startDate': '2021-01-06' })).to.equal('B');
      expect(twins({ 'employment.startDate': '2021-01-06' }, { 'employment.startDate': '2020-01-06' })).to.equal('A');
      expect(twins({}, { 'employment.startDate': '2020-01-06' })).to.equal('B');
    });
    it('then takes the smallest source id', () => {
      expect(twins({}, {})).to.equal('A');
    });
    it('goes on to the next record where the best one says nothing', () => {
      const records = [record('hr:1', { active: true }), record('hr:2', { active: false, department: 'B' }), it9('C')];
      expect(answer(records, { rules: own }).attributes.department?.value).to.equal('B');
    });
    it('hears another directory before a gone twin', () => {
      const records = [record('hr:1', {}), record('hr:2', { department: 'B' }, absent), it9('C')];
      expect(answer(records, { rules: own }).attributes.department?.value).to.equal('C');
    });
  });

  describe('overrides and holds', () => {
    const overrides = [{ overrideId: 'ovr-1', attribute: 'department', value: 'O' as Json }];
    const holds = { department: { value: 'H' as Json, reason: null, detail: null } };

    it('lets an override outrank all, a hold too', () => {
      const found = answer([hr('A')], { overrides, holds }).attributes.department;
      expect([found?.value, found?.state]).to.deep.equal(['O', 'known']);
      expect(found?.winner).to.deep.equal({ by: 'override', directory: null, recordId: null, overrideId: 'ovr-1' });
    });
    it('takes an override that says empty at its word', () => {
      expect(
        answer([hr('A')], { overrides: [{ overrideId: 'ovr-1', attribute: 'department', value: null }] }).attributes
          .department?.value,
      ).to.equal(null);
    });
    it('gives a value that nobody claims', () => {
      expect(answer([record('hr:1', {})], { overrides }).attributes.department?.value).to.equal('O');
    });
    it('pins the previous value', () => {
      const found = answer([hr(unknown('A'))], { holds }).attributes.department;
      expect([found?.value, found?.state]).to.deep.equal(['H', 'known']);
      expect(found?.winner).to.deep.equal({ by: 'hold', directory: null, recordId: null, overrideId: null });
    });
    it('pins that there was no value', () => {
      const none = { department: { value: undefined, reason: null, detail: null } };
      expect(answer([hr('A')], { holds: none }).attributes).to.not.have.property('department');
    });
    it('pins null', () => {
      const none = { department: { value: null, reason: null, detail: null } };
      expect(answer([hr('A')], { holds: none }).attributes.department?.value).to.equal(null);
    });
  });

  describe('maxAge', () => {
    const DAY = 86_400_000;
    const aged = rules({ department: rule(['hr', 'it'], { maxAgeMs: 2 * DAY }) });
    const at = (freshAt: string) => ({ freshAt });
    const decide = (records: ClaimedRecord[], now = '2026-03-09T08:00:00.000Z') => {
      const resolution = answer(records, { rules: aged, now });
      return [resolution.attributes.department?.value, resolution.dueAt];
    };

    it('demotes a stale claim below a fresh one and never removes it', () => {
      expect(decide([hr('A', at('2026-03-07T08:00:00.000Z')), it9('B')])).to.deep.equal(['B', null]);
      expect(decide([hr('A', at('2026-03-07T08:00:00.000Z'))])).to.deep.equal(['A', null]);
    });
    it('holds to the millisecond', () => {
      expect(decide([hr('A', at('2026-03-07T08:00:00.001Z')), it9('B')])).to.deep.equal([
        'A',
        '2026-03-09T08:00:00.001Z',
      ]);
    });
    it('keeps the order of from where all are stale', () => {
      const old = at('2026-03-01T08:00:00.000Z');
      expect(decide([it9('B', old), hr('A', old)])).to.deep.equal(['A', null]);
    });
    it('puts a stale present claim above a gone one', () => {
      expect(decide([hr('A', absent), it9('B', at('2026-03-01T08:00:00.000Z'))])).to.deep.equal(['B', null]);
    });
    it('is due when the winner grows old and somebody waits', () => {
      const records = [hr('A', at('2026-03-08T20:00:00.000Z')), it9('B', at('2026-03-08T10:00:00.000Z'))];
      expect(decide(records)).to.deep.equal(['A', '2026-03-10T20:00:00.000Z']);
      expect(decide(records, '2026-03-10T20:00:00.000Z')[0]).to.equal('A');
    });
    it('is never due where nobody waits', () => {
      expect(decide([hr('A', at('2026-03-08T20:00:00.000Z'))])).to.deep.equal(['A', null]);
    });
  });
});
