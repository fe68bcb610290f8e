import { expect } from 'chai';
import type { ClaimedRecord } from '#core/model/claims.js';
import type { ResolutionInput } from '#core/model/resolution.js';
import {
  absent,
  active,
  allow,
  answer,
  deny,
  record,
  removed,
  retired,
  retiredTo,
  rules,
  says,
  unknown,
  vote,
  votes,
} from './resolution-support.js';

interface Row {
  it: string;
  records: ClaimedRecord[];
  more?: Partial<ResolutionInput>;
  votes: string[];
  /** `true hr:1`, `false no_source`, `false terminated hr:1`: value, reason, who won. */
  says: string;
}

const rows: Row[] = [
  {
    it: 'never had a record: abstains',
    records: [allow('it:9')],
    votes: ['hr abstain', 'it allow'],
    says: 'true it:9',
  },
  {
    it: 'never had a record and is required: denies no_record',
    records: [allow('it:9')],
    more: { rules: vote({ require: ['hr'] }) },
    votes: ['hr deny no_record', 'it allow'],
    says: 'false no_record hr',
  },
  {
    it: 'is required and has a record: votes by it',
    records: [allow('hr:1')],
    more: { rules: vote({ require: ['hr'] }) },
    votes: ['hr allow', 'it abstain'],
    says: 'true hr:1',
  },
  {
    it: 'is required outside from: denies after all others',
    records: [deny('it:9')],
    more: { rules: vote({ require: ['idp'] }) },
    votes: ['hr abstain', 'it deny disabled', 'idp deny no_record'],
    says: 'false disabled it:9',
  },
  {
    it: 'is required outside from and there: has no vote',
    records: [allow('it:9'), record('idp:1', { active: false })],
    more: { rules: vote({ require: ['idp'] }) },
    votes: ['hr abstain', 'it allow'],
    says: 'true it:9',
  },
  {
    it: 'claims true: allows',
    records: [allow('hr:1'), allow('it:9')],
    votes: ['hr allow', 'it allow'],
    says: 'true hr:1',
  },
  {
    it: 'claims false: denies, and any deny wins',
    records: [allow('hr:1'), deny('it:9')],
    votes: ['hr allow', 'it deny disabled'],
    says: 'false disabled it:9',
  },
  {
    it: 'says nothing or empty: abstains; nobody vouches: no_source',
    records: [record('hr:1', {}), record('it:9', { active: null })],
    votes: ['hr abstain', 'it abstain'],
    says: 'false no_source',
  },
  {
    it: 'has no record anywhere: no_source',
    records: [],
    votes: ['hr abstain', 'it abstain'],
    says: 'false no_source',
  },
  {
    it: 'is unknown: votes as it last did',
    records: [record('hr:1', { active: unknown(true) })],
    votes: ['hr allow', 'it abstain'],
    says: 'true hr:1',
  },
  {
    it: 'is unknown: denies as it last did',
    records: [record('hr:1', { active: unknown(false) }), allow('it:9')],
    votes: ['hr deny disabled', 'it allow'],
    says: 'false disabled hr:1',
  },
  {
    it: 'is unknown and never was good: abstains',
    records: [record('hr:1', { active: unknown() })],
    votes: ['hr abstain', 'it abstain'],
    says: 'false no_source',
  },
  {
    it: 'is gone by absence: denies absent',
    records: [allow('hr:1', absent), allow('it:9')],
    votes: ['hr deny absent', 'it allow'],
    says: 'false absent hr:1',
  },
  {
    it: "is gone by its source's word: denies removed_at_source",
    records: [allow('hr:1', removed)],
    votes: ['hr deny removed_at_source', 'it abstain'],
    says: 'false removed_at_source hr:1',
  },
  {
    it: 'is gone and never said anything: denies all the same',
    records: [record('hr:1', {}, absent), allow('it:9')],
    votes: ['hr deny absent', 'it allow'],
    says: 'false absent hr:1',
  },
  {
    it: 'is gone and denied before: with the reason it last denied with',
    records: [deny('hr:1', { 'employment.status': 'terminated' }, absent)],
    votes: ['hr deny terminated', 'it abstain', 'employment deny terminated'],
    says: 'false terminated hr:1',
  },
  {
    it: 'gives the first denial of from as the reason',
    records: [deny('hr:1'), deny('it:9', { 'employment.statusReason': 'suspended' })],
    votes: ['hr deny disabled', 'it deny suspended'],
    says: 'false disabled hr:1',
  },
  {
    it: 'gives the reason of a directory before that of employment',
    records: [record('hr:1', { active: true, 'employment.status': 'terminated' }), deny('it:9')],
    votes: ['hr allow', 'it deny disabled', 'employment deny terminated'],
    says: 'false disabled it:9',
  },
  {
    it: 'follows priority where no rule names active',
    records: [deny('hr:1'), deny('it:9', { 'employment.statusReason': 'suspended' })],
    more: { rules: rules({}, {}, ['it', 'hr']) },
    votes: ['it deny suspended', 'hr deny disabled'],
    says: 'false suspended it:9',
  },
  {
    it: "votes by its best record: a twin's leaving does not count",
    records: [
      deny('hr:1', { 'employment.status': 'terminated' }),
      record('hr:2', { active: true, 'employment.status': 'active' }),
    ],
    votes: ['hr allow', 'it abstain'],
    says: 'true hr:2',
  },
  {
    it: 'votes by a present record before a gone one',
    records: [allow('hr:1', absent), deny('hr:2')],
    votes: ['hr deny disabled', 'it abstain'],
    says: 'false disabled hr:2',
  },
  {
    it: 'is retired to keep: votes as before',
    records: [allow('hr:1', retired)],
    more: retiredTo('keep'),
    votes: ['hr allow', 'it abstain'],
    says: 'true hr:1',
  },
  {
    it: 'is retired without a choice: votes as before',
    records: [allow('hr:1', retired)],
    more: { directories: { hr: { mode: 'retired' } } },
    votes: ['hr allow', 'it abstain'],
    says: 'true hr:1',
  },
  {
    it: 'is retired to deny: denies whom nobody else allows',
    records: [allow('hr:1', retired)],
    more: retiredTo('deny'),
    votes: ['hr deny directory_retired', 'it abstain'],
    says: 'false directory_retired hr:1',
  },
  {
    it: 'is retired to deny and said nothing: denies',
    records: [record('hr:1', {}, retired)],
    more: retiredTo('deny'),
    votes: ['hr deny directory_retired', 'it abstain'],
    says: 'false directory_retired hr:1',
  },
  {
    it: 'is retired to deny: keeps its vote where another still allows',
    records: [allow('hr:1', retired), allow('it:9')],
    more: retiredTo('deny'),
    votes: ['hr allow', 'it allow'],
    says: 'true hr:1',
  },
  {
    it: "is retired to deny beside another's denial: denies",
    records: [allow('hr:1', retired), deny('it:9')],
    more: retiredTo('deny'),
    votes: ['hr deny directory_retired', 'it deny disabled'],
    says: 'false directory_retired hr:1',
  },
  {
    it: 'is retired to deny and denied already: keeps its reason',
    records: [deny('hr:1', { 'employment.statusReason': 'suspended' }, retired)],
    more: retiredTo('deny'),
    votes: ['hr deny suspended', 'it abstain'],
    says: 'false suspended hr:1',
  },
  {
    it: 'is retired to deny and has no record: abstains',
    records: [allow('it:9')],
    more: retiredTo('deny'),
    votes: ['hr abstain', 'it allow'],
    says: 'true it:9',
  },
  {
    it: 'is live though somebody chose a vote for its retirement: votes',
    records: [allow('hr:1')],
    more: { directories: { hr: { mode: 'live', retiredVote: 'deny' } } },
    votes: ['hr allow', 'it abstain'],
    says: 'true hr:1',
  },
  {
    it: 'is retired to deny later: votes as before until then',
    records: [allow('hr:1', retired)],
    more: retiredTo('deny', '2026-03-09T08:00:00.001Z'),
    votes: ['hr allow', 'it abstain'],
    says: 'true hr:1',
  },
  {
    it: 'is retired to deny from now on: denies',
    records: [allow('hr:1', retired)],
    more: retiredTo('deny', '2026-03-09T08:00:00.000Z'),
    votes: ['hr deny directory_retired', 'it abstain'],
    says: 'false directory_retired hr:1',
  },
];

describe('core/resolution/vote', () => {
  describe('a directory that', () => {
    for (const row of rows) {
      it(row.it, () => {
        const resolution = answer(row.records, { rules: vote(), ...row.more });
        const expected = row.votes.some((one) => one.startsWith('employment'))
          ? row.votes
          : [...row.votes, 'employment abstain'];
        expect(votes(resolution)).to.deep.equal(expected);
        expect(says(resolution)).to.equal(row.says);
      });
    }
  });

  describe('denies with', () => {
    const reasons: [string, Parameters<typeof record>[1], string, string | null][] = [
      ['terminated where its own employment says so', { 'employment.status': 'terminated' }, 'terminated', null],
      [
        'terminated before its own listed reason, kept as detail',
        { 'employment.status': 'terminated', 'employment.statusReason': 'suspended' },
        'terminated',
        'suspended',
      ],
      ['its reason of the closed list', { 'employment.statusReason': 'hire_rescinded' }, 'hire_rescinded', null],
      [
        'disabled, and its own words as detail',
        { 'employment.statusReason': 'Gone fishing' },
        'disabled',
        'Gone fishing',
      ],
      ['disabled where it says no more', { 'employment.status': 'active' }, 'disabled', null],
      ['disabled where its words are empty', { 'employment.statusReason': '' }, 'disabled', null],
    ];
    for (const [name, claims, reason, detail] of reasons) {
      it(name, () => {
        const found = active(answer([deny('it:9', claims)], { rules: vote() }));
        expect([found.reason, found.detail, found.effectiveAt]).to.deep.equal([reason, detail, null]);
      });
    }

    it("disabled where another record's employment says terminated", () => {
      const records = [record('hr:1', { active: true, 'employment.status': 'terminated' }), deny('it:9')];
      expect(active(answer(records, { rules: vote() })).reason).to.equal('disabled');
    });
  });
});
