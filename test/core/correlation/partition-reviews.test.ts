import { expect } from 'chai';
import { partition } from '#core/correlation/partition.js';
import {
  apart,
  applied,
  created,
  EMAIL,
  gone,
  input,
  NUMBER,
  record,
  sure,
  prove,
  sharing,
  n1,
  n2,
  mail,
  noCreator,
  type Case,
} from './partition-support.js';

const asking: Case[] = [
  {
    it: 'joins nobody by a probable key, and asks',
    records: [record('hr:1', { ...n1, ...mail }), record('it:9', mail)],
    expect: ['hr:1 -> new hr:1 (created)', 'it:9 -> new it:9 (created)'],
    asks: ['probable e-mail: new hr:1 [hr:1] | new it:9 [it:9]'],
  },
  {
    it: 'asks about each two of several users',
    records: [
      record('hr:1', mail, created('usr-1')),
      record('it:9', mail, created('usr-2')),
      record('idp:z', mail, noCreator),
    ],
    expect: ['hr:1 -> usr-1 (created)', 'idp:z -> nobody (noCreator)', 'it:9 -> usr-2 (created)'],
    asks: [
      'probable e-mail: usr-1 [hr:1] | nobody [idp:z]',
      'probable e-mail: usr-1 [hr:1] | usr-2 [it:9]',
      'probable e-mail: nobody [idp:z] | usr-2 [it:9]',
    ],
  },
  {
    it: 'asks nothing about records of one user',
    records: [record('hr:1', { ...n1, ...mail }), record('it:9', { ...n1, ...mail })],
    expect: ['hr:1 -> new hr:1 (created)', 'it:9 -> new hr:1 (sure number)'],
  },
  {
    it: 'asks nothing that people already answered',
    records: [record('hr:1', mail, created('usr-1')), record('it:9', mail, created('usr-2'))],
    decisions: [apart('dec-1', 'it:9', 'hr:1')],
    expect: ['hr:1 -> usr-1 (created)', 'it:9 -> usr-2 (created)'],
  },
  {
    it: 'takes an answer about one record for its user',
    records: [
      record('hr:1', mail, created('usr-1')),
      record('it:8', n2, created('usr-2')),
      record('it:9', { ...mail, ...n2 }, sure('usr-2')),
    ],
    decisions: [apart('dec-1', 'it:8', 'hr:1')],
    more: sharing,
    expect: ['hr:1 -> usr-1 (created)', 'it:8 -> usr-2 (created)', 'it:9 -> usr-2 (sure number)'],
  },
  {
    it: 'asks nothing about two present records of one directory, and nothing about two gone ones',
    records: [
      record('hr:1', mail, created('usr-1')),
      record('hr:2', mail, created('usr-2')),
      record('it:8', { 'e-mail': 'b@acme.example' }, { ...created('usr-3'), ...gone }),
      record('idp:9', { 'e-mail': 'b@acme.example' }, { ...created('usr-4'), ...gone }),
    ],
    expect: [
      'hr:1 -> usr-1 (created)',
      'hr:2 -> usr-2 (created)',
      'idp:9 -> usr-4 (created)',
      'it:8 -> usr-3 (created)',
    ],
  },
  {
    it: 'asks about two records of one directory where one is gone, or where the rule allows it',
    records: [
      record('hr:1', mail, { ...created('usr-1'), ...gone }),
      record('hr:2', mail, created('usr-2')),
      record('it:8', { 'e-mail': 'b@acme.example' }, created('usr-3')),
      record('it:9', { 'e-mail': 'b@acme.example' }, created('usr-4')),
    ],
    more: { rules: [NUMBER, { ...EMAIL, sameDirectory: true }] },
    expect: [
      'hr:1 -> usr-1 (created)',
      'hr:2 -> usr-2 (created)',
      'it:8 -> usr-3 (created)',
      'it:9 -> usr-4 (created)',
    ],
    asks: ['probable e-mail: usr-1 [hr:1] | usr-2 [hr:2]', 'probable e-mail: usr-3 [it:8] | usr-4 [it:9]'],
  },
  {
    it: 'asks about a bystander where it stands, and nothing about two of them',
    records: [record('hr:1', mail, created('usr-1'))],
    more: {
      bystanders: [
        record('it:8', mail, created('usr-8')),
        record('idp:9', mail),
        record('hr:1', mail, created('usr-1')),
      ],
    },
    expect: ['hr:1 -> usr-1 (created)'],
    asks: ['probable e-mail: usr-1 [hr:1] | nobody [idp:9]', 'probable e-mail: usr-1 [hr:1] | usr-8 [it:8]'],
  },
  {
    it: 'asks once about two sides, whatever else they share',
    records: [
      record('hr:1', { ...n1, ...mail, login: 'ada' }, created('usr-1')),
      record('it:9', { ...n2, ...mail, login: 'ada' }, created('usr-2')),
    ],
    expect: ['hr:1 -> usr-1 (created)', 'it:9 -> usr-2 (created)'],
    asks: ['refused login: usr-1 [hr:1] | usr-2 [it:9]'],
  },
  {
    it: 'takes records that wait together for a creator as one side',
    records: [
      record('hr:1', mail, created('usr-1')),
      record('it:8', { ...n2, ...mail }, noCreator),
      record('idp:9', { ...n2, ...mail }, noCreator),
    ],
    expect: ['hr:1 -> usr-1 (created)', 'idp:9 -> nobody (noCreator)', 'it:8 -> nobody (noCreator)'],
    asks: ['probable e-mail: usr-1 [hr:1] | nobody [idp:9 it:8]'],
  },
];

describe('core/correlation/partition-reviews', () => {
  describe('asks about probable keys', () => {
    prove(asking);
  });
  it('gives a doubt the same subject before and after the user it is about exists', () => {
    const given = input([record('hr:1', mail), record('it:9', mail)]);
    const first = partition(given);
    const second = partition(applied(given, first));
    expect(first.reviews.map(({ subject }) => subject)).to.deep.equal(second.reviews.map(({ subject }) => subject));
    expect(second.reviews[0]?.sides.map(({ userId }) => userId)).to.deep.equal(['usr-new-hr:1', 'usr-new-it:9']);
  });
});
