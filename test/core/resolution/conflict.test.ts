import { expect } from 'chai';
import type { ClaimedRecord } from '#core/model/claims.js';
import type { ResolutionInput } from '#core/model/resolution.js';
import type { AttributeRule } from '#core/model/rules.js';
import { absent, answer, conflicts, record, retired, rule, rules, unknown } from './resolution-support.js';

const FROM = ['hr', 'it', 'idp'];
const on = (attribute: string, more: Partial<AttributeRule> = {}) => rules({ [attribute]: rule(FROM, more) }, {}, FROM);

interface Row {
  it: string;
  records: ClaimedRecord[];
  more?: Partial<ResolutionInput>;
  expect: string[];
}

const department = (id: string, value: Parameters<typeof record>[1][string], more: Partial<ClaimedRecord> = {}) =>
  record(id, { department: value }, more);
const both = ['department="A": hr:1="A" wins, it:9="B"'];

const rows: Row[] = [
  {
    it: 'opens where two listed directories disagree',
    records: [department('it:9', 'B'), department('hr:1', 'A')],
    expect: both,
  },
  { it: 'opens none where they agree', records: [department('hr:1', 'A'), department('it:9', ' A ')], expect: [] },
  {
    it: 'sees letter case where the catalogue does',
    records: [department('hr:1', 'A'), department('it:9', 'a')],
    expect: ['department="A": hr:1="A" wins, it:9="a"'],
  },
  {
    it: 'opens none without an explicit from',
    records: [department('hr:1', 'A'), department('it:9', 'B')],
    more: { rules: rules({}, {}, FROM) },
    expect: [],
  },
  {
    it: 'opens none where the rule says ignore',
    records: [department('hr:1', 'A'), department('it:9', 'B')],
    more: { rules: on('department', { onConflict: 'ignore' }) },
    expect: [],
  },
  { it: 'hears no directory outside from', records: [department('hr:1', 'A'), department('ldap:9', 'B')], expect: [] },
  {
    it: "opens for an empty winner against another's value",
    records: [department('hr:1', null), department('it:9', 'B')],
    expect: ['department=null: hr:1=null wins, it:9="B"'],
  },
  {
    it: 'opens none for an empty loser',
    records: [department('hr:1', 'A'), department('it:9', null), department('idp:z', '')],
    expect: [],
  },
  {
    it: 'opens none where nobody has a value',
    records: [department('hr:1', null), department('it:9', '')],
    expect: [],
  },
  {
    it: 'lists those who disagree in the order of from, and not who agrees',
    records: [department('idp:z', 'C'), department('it:9', 'B'), department('hr:1', 'A')],
    expect: ['department="A": hr:1="A" wins, it:9="B", idp:z="C"'],
  },
  {
    it: 'does not list who agrees with the winner',
    records: [department('hr:1', 'A'), department('it:9', 'A'), department('idp:z', 'C')],
    expect: ['department="A": hr:1="A" wins, idp:z="C"'],
  },
  {
    it: 'compares an unknown claim by its last good value',
    records: [department('hr:1', unknown('A')), department('it:9', 'B')],
    expect: both,
  },
  {
    it: 'compares nothing where there is no last good value',
    records: [department('hr:1', 'A'), department('it:9', unknown())],
    expect: [],
  },
  { it: 'hears no gone record', records: [department('hr:1', 'A'), department('it:9', 'B', absent)], expect: [] },
  { it: 'hears no retired record', records: [department('hr:1', 'A'), department('it:9', 'B', retired)], expect: [] },
  {
    it: 'opens none where only gone records speak',
    records: [department('hr:1', 'A', absent), department('it:9', 'B', retired)],
    expect: [],
  },
  {
    it: 'lets a directory disagree by its best present record',
    records: [
      department('hr:1', 'A'),
      record('it:8', { department: 'B', active: false }),
      record('it:9', { department: 'A', active: true }),
    ],
    expect: [],
  },
  {
    it: 'is none between records of one directory',
    records: [department('hr:1', 'A'), department('hr:2', 'B')],
    expect: [],
  },
  {
    it: 'stays while a person overrides the value: the directories still disagree',
    records: [department('hr:1', 'A'), department('it:9', 'B')],
    more: { overrides: [{ overrideId: 'ovr-1', attribute: 'department', value: 'B' }] },
    expect: both,
  },
  {
    it: 'stays while a guard holds the value',
    records: [department('hr:1', 'A'), department('it:9', 'B')],
    more: { holds: { department: { value: 'Z', reason: null, detail: null } } },
    expect: both,
  },
  {
    it: "compares sets by their elements' keys",
    records: [
      record('hr:1', { emails: [{ value: 'a' }, { value: 'b' }] }),
      record('it:9', { emails: [{ value: 'B', type: 'work' }, { value: 'A' }] }),
    ],
    more: { rules: on('emails') },
    expect: [],
  },
  {
    it: 'compares references by their target',
    records: [record('hr:1', { manager: 'usr-1' }), record('it:9', { manager: 'usr-2' })],
    more: { rules: on('manager') },
    expect: ['manager="usr-1": hr:1="usr-1" wins, it:9="usr-2"'],
  },
  {
    it: "names the stale winner's rival too",
    records: [department('hr:1', 'A', { freshAt: '2026-01-01T00:00:00.000Z' }), department('it:9', 'B')],
    more: { rules: on('department', { maxAgeMs: 1000 }) },
    expect: ['department="B": it:9="B" wins, hr:1="A"'],
  },
];

const active = (id: string, value: Parameters<typeof record>[1][string], more: Partial<ClaimedRecord> = {}) =>
  record(id, { active: value }, more);

const voteRows: Row[] = [
  {
    it: 'opens where votes differ; the winner first, the losing side with its vote',
    records: [active('hr:1', true), active('it:9', false), active('idp:z', true)],
    expect: ['active=false: it:9=false wins, hr:1=true, idp:z=true'],
  },
  {
    it: 'does not list a second denial',
    records: [active('hr:1', false), active('it:9', false), active('idp:z', true)],
    expect: ['active=false: hr:1=false wins, idp:z=true'],
  },
  { it: 'opens none where all vote alike', records: [active('hr:1', true), active('it:9', true)], expect: [] },
  { it: 'opens none where all deny', records: [active('hr:1', false), active('it:9', false)], expect: [] },
  {
    it: 'lists a gone record by its vote and not by its claim',
    records: [active('hr:1', true, absent), active('it:9', true)],
    expect: ['active=false: hr:1=false wins, it:9=true'],
  },
  {
    it: 'compares an unknown claim by its last good vote',
    records: [active('hr:1', unknown(false)), active('it:9', true)],
    expect: ['active=false: hr:1=false wins, it:9=true'],
  },
  { it: 'hears no abstention', records: [active('hr:1', null), active('it:9', true), record('idp:z', {})], expect: [] },
  {
    it: 'never hears employment',
    records: [record('hr:1', { active: true, 'employment.status': 'terminated' }), active('it:9', true)],
    expect: [],
  },
  {
    it: 'never lists who has no record',
    records: [active('it:9', true)],
    more: { rules: rules({ active: rule(FROM, { require: ['hr'] }) }, {}, FROM) },
    expect: [],
  },
  {
    it: 'opens none without an explicit from',
    records: [active('hr:1', false), active('it:9', true)],
    more: { rules: rules({}, {}, FROM) },
    expect: [],
  },
  {
    it: 'opens none where the rule says ignore',
    records: [active('hr:1', false), active('it:9', true)],
    more: { rules: on('active', { onConflict: 'ignore' }) },
    expect: [],
  },
  {
    it: 'stays while a person overrides the count',
    records: [active('hr:1', false), active('it:9', true)],
    more: { overrides: [{ overrideId: 'ovr-1', attribute: 'active', value: true }] },
    expect: ['active=false: hr:1=false wins, it:9=true'],
  },
];

describe('core/resolution/conflict', () => {
  describe('on ordinary attributes', () => {
    for (const row of rows) {
      it(row.it, () => {
        const resolution = answer(row.records, { rules: on('department'), ...row.more });
        expect(conflicts(resolution)).to.deep.equal(row.expect);
        for (const { attribute, rulePath } of resolution.conflicts)
          expect(rulePath).to.equal(`attributes.${attribute}`);
      });
    }

    it('names the directory beside the record', () => {
      const [conflict] = answer([department('hr:1', 'A'), department('it:9', 'B')], {
        rules: on('department'),
      }).conflicts;
      expect(conflict?.claims.map(({ directory }) => directory)).to.deep.equal(['hr', 'it']);
    });
  });

  describe('on active', () => {
    for (const row of voteRows) {
      it(row.it, () => {
        const resolution = answer(row.records, { rules: on('active'), ...row.more });
        expect(conflicts(resolution)).to.deep.equal(row.expect);
        for (const { rulePath } of resolution.conflicts) expect(rulePath).to.equal('attributes.active');
      });
    }
  });
});
