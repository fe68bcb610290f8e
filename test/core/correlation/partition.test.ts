import { expect } from 'chai';
import { partition } from '#core/correlation/partition.js';
import { apart, created, gone, input, record, sure, prove, n1, noCreator, type Case } from './partition-support.js';

const joining: Case[] = [
  {
    it: 'brings a user where a record has no key at all',
    records: [record('it:carol', {})],
    expect: ['it:carol -> new it:carol (created)'],
  },
  {
    it: 'joins records with equal sure keys at once, the first of them brings the user',
    records: [record('hr:1', n1), record('it:9', n1), record('idp:z', n1)],
    expect: ['hr:1 -> new hr:1 (created)', 'idp:z -> new hr:1 (sure number)', 'it:9 -> new hr:1 (sure number)'],
  },
  {
    it: 'joins a new record to the user who has its key, and leaves the old link as it was',
    records: [record('hr:1', n1, created('usr-1')), record('it:9', n1)],
    expect: ['hr:1 -> usr-1 (created)', 'it:9 -> usr-1 (sure number)'],
  },
  {
    it: 'names the first rule that joins',
    records: [record('hr:1', { ...n1, login: 'ada' }), record('it:9', { ...n1, login: 'ada' })],
    expect: ['hr:1 -> new hr:1 (created)', 'it:9 -> new hr:1 (sure number)'],
  },
  {
    it: 'joins by a later sure rule where the earlier one says nothing',
    records: [record('hr:1', { ...n1, login: 'ada' }), record('it:9', { login: 'ada' })],
    expect: ['hr:1 -> new hr:1 (created)', 'it:9 -> new hr:1 (sure login)'],
  },
  {
    it: 'joins a chain through different rules',
    records: [
      record('hr:1', n1, created('usr-1')),
      record('it:9', { ...n1, login: 'ada' }),
      record('idp:z', { login: 'ada' }),
    ],
    expect: ['hr:1 -> usr-1 (created)', 'idp:z -> usr-1 (sure login)', 'it:9 -> usr-1 (sure number)'],
  },
  {
    it: 'keeps the rule of a link that still holds, also where an earlier rule would hold it too',
    records: [
      record('hr:1', { ...n1, login: 'ada' }, created('usr-1')),
      record('it:9', { ...n1, login: 'ada' }, sure('usr-1', 'login')),
    ],
    expect: ['hr:1 -> usr-1 (created)', 'it:9 -> usr-1 (sure login)'],
  },
  {
    it: 'leaves a record unlinked where no directory of its component may create',
    records: [record('idp:z', n1, noCreator), record('it:9', n1, noCreator)],
    expect: ['idp:z -> nobody (noCreator)', 'it:9 -> nobody (noCreator)'],
  },
  {
    it: 'lets the record that may create bring the user, not the first one',
    records: [record('hr:1', n1, noCreator), record('it:9', n1)],
    expect: ['hr:1 -> new it:9 (sure number)', 'it:9 -> new it:9 (created)'],
  },
  {
    it: 'makes nobody out of a tombstone',
    records: [record('hr:1', n1, gone)],
    expect: ['hr:1 -> nobody (gone)'],
  },
  {
    it: 'says that nobody may create where some are present and only a gone one could have',
    records: [record('hr:1', n1, gone), record('it:9', n1, noCreator)],
    expect: ['hr:1 -> nobody (noCreator)', 'it:9 -> nobody (noCreator)'],
  },
  {
    it: 'finds the person again who comes back under a new source id',
    records: [record('hr:1', n1, { ...created('usr-1'), ...gone }), record('hr:2', n1)],
    expect: ['hr:1 -> usr-1 (created)', 'hr:2 -> usr-1 (sure number)'],
  },
];

describe('core/correlation/partition', () => {
  describe('joins by sure keys', () => {
    prove(joining);
  });
  it('says which links changed', () => {
    const { targets } = partition(
      input([record('hr:1', n1, created('usr-1')), record('it:8', n1, sure('usr-1')), record('idp:9', n1)]),
    );
    expect(targets.map(({ recordId, changed }) => [recordId, changed])).to.deep.equal([
      ['hr:1', false],
      ['idp:9', true],
      ['it:8', false],
    ]);
  });

  it('calls it a change when a linked record is taken away without a new user', () => {
    const given = input(
      [record('hr:1', n1, sure('usr-1')), record('it:9', n1, created('usr-1'))].map((one) => ({
        ...one,
        canCreate: false,
      })),
      {
        decisions: [apart('dec-1', 'hr:1', 'it:9')],
      },
    );
    expect(partition(given).targets[0]).to.deep.equal({
      recordId: 'hr:1',
      to: { kind: 'unlinked', reason: 'noCreator' },
      how: null,
      rule: null,
      changed: true,
    });
  });
});
