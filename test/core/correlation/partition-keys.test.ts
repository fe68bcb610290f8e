import { expect } from 'chai';
import { partition } from '#core/correlation/partition.js';
import {
  apart,
  created,
  gone,
  input,
  lines,
  record,
  sure,
  together,
  prove,
  sharing,
  n1,
  mail,
  type Case,
} from './partition-support.js';

const voidKeys: Case[] = [
  {
    it: 'creates nobody of two new records of one directory with one key, and asks once',
    records: [record('hr:1', n1), record('hr:2', n1)],
    expect: ['hr:1 -> nobody (voidKey)', 'hr:2 -> nobody (voidKey)'],
    asks: ['voidKey number: nobody [hr:1] | nobody [hr:2]'],
  },
  {
    it: 'keeps existing links when their key becomes void; only the new record is unlinked',
    records: [record('hr:1', n1, created('usr-1')), record('hr:2', n1), record('it:9', n1, sure('usr-1'))],
    expect: ['hr:1 -> usr-1 (created)', 'hr:2 -> nobody (voidKey)', 'it:9 -> usr-1 (sticky)'],
    asks: ['voidKey number: usr-1 [hr:1 it:9] | nobody [hr:2]'],
  },
  {
    it: 'takes a shared key where the rule allows it',
    records: [record('hr:1', n1), record('hr:2', n1)],
    more: sharing,
    expect: ['hr:1 -> new hr:1 (created)', 'hr:2 -> new hr:1 (sure number)'],
  },
  {
    it: 'does not count gone holders beside a present one',
    records: [record('hr:1', n1, gone), record('hr:2', n1, gone), record('hr:3', n1)],
    expect: ['hr:1 -> new hr:3 (sure number)', 'hr:2 -> new hr:3 (sure number)', 'hr:3 -> new hr:3 (created)'],
  },
  {
    it: 'counts gone holders where none is present',
    records: [record('hr:1', n1, gone), record('hr:2', n1, gone), record('it:9', n1)],
    expect: ['hr:1 -> nobody (voidKey)', 'hr:2 -> nobody (voidKey)', 'it:9 -> nobody (voidKey)'],
    asks: ['voidKey number: nobody [hr:1] | nobody [hr:2] | nobody [it:9]'],
  },
  {
    it: 'creates by another key of its own where not all are void',
    records: [record('hr:1', { ...n1, login: 'ada' }), record('hr:2', { ...n1, login: 'eda' })],
    expect: ['hr:1 -> new hr:1 (created)', 'hr:2 -> new hr:2 (created)'],
  },
  {
    it: 'joins by another key where one is void',
    records: [
      record('hr:1', { ...n1, login: 'ada' }),
      record('hr:2', { ...n1, login: 'eda' }),
      record('it:9', { login: 'ada' }),
    ],
    expect: ['hr:1 -> new hr:1 (created)', 'hr:2 -> new hr:2 (created)', 'it:9 -> new hr:1 (sure login)'],
  },
  {
    it: 'asks once for a record all of whose keys are void',
    records: [record('hr:1', { ...n1, login: 'ada' }), record('hr:2', { ...n1, login: 'ada' })],
    expect: ['hr:1 -> nobody (voidKey)', 'hr:2 -> nobody (voidKey)'],
    asks: ['voidKey number: nobody [hr:1] | nobody [hr:2]'],
  },
  {
    it: 'makes two persons of the holders once somebody says that they are two',
    records: [record('hr:1', n1), record('hr:2', n1)],
    decisions: [apart('dec-1', 'hr:1', 'hr:2')],
    expect: ['hr:1 -> new hr:1 (created)', 'hr:2 -> new hr:2 (created)'],
  },
  {
    it: 'makes one person of the holders once somebody says that they are one',
    records: [record('hr:1', n1), record('hr:2', n1)],
    decisions: [together('dec-1', 'hr:1', 'hr:2')],
    expect: ['hr:1 -> new hr:1 (created)', 'hr:2 -> new hr:1 (person)'],
  },
];

describe('core/correlation/partition-keys', () => {
  describe('takes no shared key for a key', () => {
    prove(voidKeys);
  });
  describe('takes no common key for a key', () => {
    const twelve = Array.from({ length: 12 }, (_, index) => record(`d${String(index + 10)}:1`, { ...n1, ...mail }));

    it('joins ten holders', () => {
      const result = partition(input(twelve.slice(0, 10)));
      expect(new Set(result.targets.map(({ to }) => to.kind === 'new' && to.label))).to.have.lengthOf(1);
      expect(result.findings).to.deep.equal([]);
    });

    it('joins no eleven, makes a finding of it and asks nothing', () => {
      const result = partition(input(twelve.slice(0, 11)));
      expect(new Set(result.targets.map(({ to }) => to.kind === 'new' && to.label))).to.have.lengthOf(11);
      expect(result.reviews).to.deep.equal([]);
      expect(result.findings).to.deep.equal([
        { finding: 'tooCommonKey', rule: 'number', key: 'e1', records: 11 },
        { finding: 'tooCommonKey', rule: 'e-mail', key: 'ada@acme.example', records: 11 },
      ]);
    });

    it('believes the caller who counted more than it handed in', () => {
      const keyCounts = [
        { rule: 'login', key: 'e1', records: 400 },
        { rule: 'number', key: 'e2', records: 400 },
        { rule: 'number', key: 'e1', records: 300 },
      ];
      const result = partition(input(twelve.slice(0, 2), { keyCounts }));
      expect(result.targets.map(({ how }) => how)).to.deep.equal(['created', 'created']);
      expect(result.findings).to.deep.equal([{ finding: 'tooCommonKey', rule: 'number', key: 'e1', records: 300 }]);
    });

    it('does not believe a count that is too small', () => {
      const keyCounts = [{ rule: 'number', key: 'e1', records: 1 }];
      expect(partition(input(twelve, { keyCounts })).findings[0]?.records).to.equal(12);
    });

    for (const key of ['0', 'n/a', 'none', '-', 'null', 'test', 'unknown', 'x', 'tbd']) {
      it(`joins nobody by the placeholder ${key}`, () => {
        const result = partition(input([record('hr:1', { number: key }), record('it:9', { number: key })]));
        expect(lines(result)).to.deep.equal(['hr:1 -> new hr:1 (created)', 'it:9 -> new it:9 (created)']);
        expect(result.findings).to.deep.equal([{ finding: 'tooCommonKey', rule: 'number', key, records: 2 }]);
      });
    }
  });
});
