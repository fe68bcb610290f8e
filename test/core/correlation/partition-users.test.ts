import {
  apart,
  created,
  gone,
  record,
  sure,
  together,
  prove,
  sharing,
  n1,
  n2,
  mail,
  type Case,
} from './partition-support.js';

const sticking: Case[] = [
  {
    it: 'keeps a link that nothing supports any more',
    records: [record('hr:1', n1, created('usr-1')), record('it:9', {}, sure('usr-1'))],
    expect: ['hr:1 -> usr-1 (created)', 'it:9 -> usr-1 (sticky)'],
  },
  {
    it: 'says sure again when a key supports a sticky link again',
    records: [
      record('hr:1', n1, created('usr-1')),
      record('it:9', n1, { link: { userId: 'usr-1', how: 'sticky', rule: null } }),
    ],
    expect: ['hr:1 -> usr-1 (created)', 'it:9 -> usr-1 (sure number)'],
  },
  {
    it: 'keeps a contradicted link and asks',
    records: [record('hr:1', n1, created('usr-1')), record('it:9', n2, sure('usr-1'))],
    expect: ['hr:1 -> usr-1 (created)', 'it:9 -> usr-1 (sticky)'],
    asks: ['keyChanged: usr-1 [hr:1] | usr-1 [it:9]'],
  },
  {
    it: "keeps a contradicted link although the key now is another user's, and merges nobody",
    records: [
      record('hr:1', n1, created('usr-1')),
      record('hr:2', n2, created('usr-2')),
      record('it:9', n2, sure('usr-1')),
    ],
    expect: ['hr:1 -> usr-1 (created)', 'hr:2 -> usr-2 (created)', 'it:9 -> usr-1 (sticky)'],
    asks: ['keyChanged: usr-1 [hr:1] | usr-1 [it:9]'],
  },
  {
    it: 'lets a new record bring its own user although a contradicted link holds its key',
    records: [record('hr:1', n1, created('usr-1')), record('hr:2', n2), record('it:9', n2, sure('usr-1'))],
    expect: ['hr:1 -> usr-1 (created)', 'hr:2 -> new hr:2 (created)', 'it:9 -> usr-1 (sticky)'],
    asks: ['keyChanged: usr-1 [hr:1] | usr-1 [it:9]'],
  },
  {
    it: 'joins a new record to a user in spite of a contradicted link beside it',
    records: [record('hr:1', n1, created('usr-1')), record('idp:z', n1), record('it:9', n2, sure('usr-1'))],
    expect: ['hr:1 -> usr-1 (created)', 'idp:z -> usr-1 (sure number)', 'it:9 -> usr-1 (sticky)'],
    asks: ['keyChanged: usr-1 [hr:1 idp:z] | usr-1 [it:9]'],
  },
  {
    it: 'calls nothing contradicted that an equal value of the same rule binds',
    records: [
      record('hr:1', { ...n1, login: 'ada' }, created('usr-1')),
      record('it:9', { ...n1, login: 'eda' }, sure('usr-1')),
      record('idp:z', { login: 'eda' }, sure('usr-1', 'login')),
    ],
    expect: ['hr:1 -> usr-1 (created)', 'idp:z -> usr-1 (sure login)', 'it:9 -> usr-1 (sure number)'],
  },
  {
    it: 'merges no users where the union would hold two numbers',
    records: [
      record('hr:1', n1, created('usr-1')),
      record('it:9', { login: 'ada' }, sure('usr-1')),
      record('idp:z', { ...n2, login: 'ada' }, created('usr-2')),
    ],
    expect: ['hr:1 -> usr-1 (created)', 'idp:z -> usr-2 (created)', 'it:9 -> usr-1 (sticky)'],
    asks: ['refused: usr-1 [hr:1 it:9] | usr-2 [idp:z]'],
  },
  {
    it: 'leaves a new record between two such users unlinked',
    records: [
      record('hr:1', n1, created('usr-1')),
      record('it:9', { login: 'ada' }, sure('usr-1')),
      record('idp:z', { ...n2, login: 'ada' }, created('usr-2')),
      record('ldap:q', { login: 'ada' }),
    ],
    expect: [
      'hr:1 -> usr-1 (created)',
      'idp:z -> usr-2 (created)',
      'it:9 -> usr-1 (sticky)',
      'ldap:q -> nobody (refused)',
    ],
    asks: ['refused: usr-1 [hr:1 it:9] | usr-2 [idp:z] | nobody [ldap:q]'],
  },
  {
    it: "takes the smallest record for the user's own where none brought it",
    records: [record('hr:1', n1, sure('usr-1')), record('it:9', n2, sure('usr-1'))],
    expect: ['hr:1 -> usr-1 (sticky)', 'it:9 -> usr-1 (sticky)'],
    asks: ['keyChanged: usr-1 [hr:1] | usr-1 [it:9]'],
  },
  {
    it: 'keeps an approved probable link while the key is shared, and calls it sticky after',
    records: [
      record('hr:1', mail, created('usr-1')),
      record('it:8', {}, { link: { userId: 'usr-1', how: 'probable', rule: 'e-mail' } }),
      record('it:9', mail, { link: { userId: 'usr-1', how: 'probable', rule: 'e-mail' } }),
    ],
    expect: ['hr:1 -> usr-1 (created)', 'it:8 -> usr-1 (sticky)', 'it:9 -> usr-1 (probable e-mail)'],
  },
];

const merging: Case[] = [
  {
    it: 'merges users that one key joins into the oldest',
    records: [record('hr:2', n1, created('usr-2')), record('it:1', n1, created('usr-1'))],
    expect: ['hr:2 -> usr-1 (sure number)', 'it:1 -> usr-1 (created)'],
    merges: ['usr-1 <- usr-2'],
  },
  {
    it: 'goes by age and not by id',
    records: [record('hr:2', n1, created('usr-2')), record('it:1', n1, created('usr-1'))],
    more: {
      users: [
        { userId: 'usr-1', createdAt: '2026-02-02T00:00:00.000Z' },
        { userId: 'usr-2', createdAt: '2026-02-01T00:00:00.000Z' },
      ],
    },
    expect: ['hr:2 -> usr-2 (created)', 'it:1 -> usr-2 (sure number)'],
    merges: ['usr-2 <- usr-1'],
  },
  {
    it: 'brings all records of the loser along, contradicted ones too',
    records: [
      record('hr:1', n1, created('usr-1')),
      record('it:2', n1, created('usr-2')),
      record('idp:y', {}, sure('usr-2')),
      record('idp:z', n2, sure('usr-2')),
    ],
    expect: [
      'hr:1 -> usr-1 (created)',
      'idp:y -> usr-1 (sticky)',
      'idp:z -> usr-1 (sticky)',
      'it:2 -> usr-1 (sure number)',
    ],
    asks: ['keyChanged: usr-1 [hr:1 idp:y it:2] | usr-1 [idp:z]'],
    merges: ['usr-1 <- usr-2'],
  },
  {
    it: 'merges where a person says together, whatever the keys',
    records: [
      record('hr:1', n1, created('usr-1')),
      record('it:2', n2, created('usr-2')),
      record('it:9', n2, sure('usr-2')),
    ],
    decisions: [together('dec-1', 'it:2', 'hr:1')],
    more: sharing,
    expect: ['hr:1 -> usr-1 (created)', 'it:2 -> usr-1 (person)', 'it:9 -> usr-1 (sure number)'],
    merges: ['usr-1 <- usr-2'],
  },
  {
    it: 'takes both numbers of a person for one after such a decision',
    records: [
      record('hr:1', n1, created('usr-1')),
      record('idp:1', n1),
      record('it:2', n2, { link: { userId: 'usr-1', how: 'person', rule: null } }),
      record('ldap:2', n2),
    ],
    decisions: [together('dec-1', 'hr:1', 'it:2')],
    expect: [
      'hr:1 -> usr-1 (created)',
      'idp:1 -> usr-1 (sure number)',
      'it:2 -> usr-1 (person)',
      'ldap:2 -> usr-1 (sure number)',
    ],
  },
];

const deciding: Case[] = [
  {
    it: 'links a record that SCIM binds to one that is gone',
    records: [record('idp:1', {}, { ...created('usr-1'), ...gone }), record('idp:2', {})],
    decisions: [together('dec-1', 'idp:1', 'idp:2', 'scim')],
    expect: ['idp:1 -> usr-1 (created)', 'idp:2 -> usr-1 (scim)'],
  },
  {
    it: 'lets the last decision about a pair count',
    records: [record('hr:1', {}), record('it:9', {})],
    decisions: [together('dec-2', 'hr:1', 'it:9'), apart('dec-1', 'it:9', 'hr:1')],
    expect: ['hr:1 -> new hr:1 (created)', 'it:9 -> new hr:1 (person)'],
  },
  {
    it: 'refuses decisions that contradict each other, whole',
    records: [record('hr:1', {}), record('it:9', {}), record('idp:z', {})],
    decisions: [together('dec-1', 'hr:1', 'it:9'), together('dec-2', 'it:9', 'idp:z'), apart('dec-3', 'hr:1', 'idp:z')],
    expect: ['hr:1 -> new hr:1 (created)', 'idp:z -> new idp:z (created)', 'it:9 -> new it:9 (created)'],
    asks: ['refused: new hr:1 [hr:1] | new idp:z [idp:z] | new it:9 [it:9]'],
  },
  {
    it: 'takes a record from its user where a person says so: the record that brought the user stays',
    records: [record('hr:1', n1, sure('usr-1')), record('it:9', n1, created('usr-1'))],
    decisions: [apart('dec-1', 'hr:1', 'it:9')],
    expect: ['hr:1 -> new hr:1 (created)', 'it:9 -> usr-1 (created)'],
  },
  {
    it: 'lets a contradicted record follow a decision to another user',
    records: [
      record('hr:1', n1, created('usr-1')),
      record('hr:2', n2, created('usr-2')),
      record('it:9', n2, sure('usr-1')),
    ],
    decisions: [together('dec-1', 'it:9', 'hr:2')],
    expect: ['hr:1 -> usr-1 (created)', 'hr:2 -> usr-2 (created)', 'it:9 -> usr-2 (person)'],
  },
  {
    it: 'asks no more about a contradiction that a person settled',
    records: [record('hr:1', n1, created('usr-1')), record('it:9', n2, sure('usr-1'))],
    decisions: [together('dec-1', 'hr:1', 'it:9')],
    expect: ['hr:1 -> usr-1 (created)', 'it:9 -> usr-1 (person)'],
  },
  {
    it: 'asks whose a record is that shares a key with somebody whom people hold apart from its user',
    records: [
      record('hr:1', n1, created('usr-2')),
      record('it:2', {}, created('usr-1')),
      record('it:3', n1, sure('usr-1')),
    ],
    decisions: [apart('dec-1', 'hr:1', 'it:2')],
    expect: ['hr:1 -> usr-2 (created)', 'it:2 -> usr-1 (created)', 'it:3 -> usr-1 (sticky)'],
    asks: ['keyChanged: usr-1 [it:2] | usr-1 [it:3]'],
  },
  {
    it: 'asks so, too, where it shares a key with both',
    records: [
      record('hr:1', n1, created('usr-2')),
      record('it:2', { login: 'a' }, created('usr-1')),
      record('ldap:3', { ...n1, login: 'a' }, sure('usr-1')),
    ],
    decisions: [apart('dec-1', 'hr:1', 'it:2')],
    expect: ['hr:1 -> usr-2 (created)', 'it:2 -> usr-1 (created)', 'ldap:3 -> usr-1 (sticky)'],
    asks: ['keyChanged: usr-1 [it:2] | usr-1 [ldap:3]'],
  },
  {
    it: 'lets such a record go where a person says that it is not the user',
    records: [
      record('hr:1', n1, created('usr-2')),
      record('it:2', {}, created('usr-1')),
      record('it:3', n1, sure('usr-1')),
    ],
    decisions: [apart('dec-1', 'hr:1', 'it:2'), apart('dec-2', 'it:2', 'it:3')],
    expect: ['hr:1 -> usr-2 (created)', 'it:2 -> usr-1 (created)', 'it:3 -> usr-2 (sure number)'],
  },
  {
    it: 'leaves it, and asks no more, where a person says that it is the user',
    records: [
      record('hr:1', n1, created('usr-2')),
      record('it:2', {}, created('usr-1')),
      record('it:3', n1, sure('usr-1')),
    ],
    decisions: [apart('dec-1', 'hr:1', 'it:2'), together('dec-2', 'it:2', 'it:3')],
    expect: ['hr:1 -> usr-2 (created)', 'it:2 -> usr-1 (created)', 'it:3 -> usr-1 (person)'],
  },
  {
    it: 'passes over decisions about records that are not there, and about one record alone',
    records: [record('hr:1', n1)],
    decisions: [together('dec-1', 'hr:1', 'it:404'), apart('dec-2', 'it:404', 'hr:1'), apart('dec-3', 'hr:1', 'hr:1')],
    expect: ['hr:1 -> new hr:1 (created)'],
  },
];

describe('core/correlation/partition-users', () => {
  describe('keeps links', () => {
    prove(sticking);
  });
  describe('merges', () => {
    prove(merging);
  });
  describe('obeys decisions', () => {
    prove(deciding);
  });
});
