import { apart, created, record, prove, n1, n2, type Case } from './partition-support.js';

const refusing: Case[] = [
  {
    it: 'refuses a component with two values of an earlier sure key; each goes on by its own key',
    records: [record('hr:1', { ...n1, login: 'ada' }), record('it:9', { ...n2, login: 'ada' })],
    expect: ['hr:1 -> new hr:1 (created)', 'it:9 -> new it:9 (created)'],
    asks: ['refused login: new hr:1 [hr:1] | new it:9 [it:9]'],
  },
  {
    it: 'refuses it whole: who has no other key is nobody until somebody says who',
    records: [
      record('hr:1', { ...n1, login: 'ada' }, created('usr-1')),
      record('it:9', { ...n2, login: 'ada' }, created('usr-2')),
      record('idp:z', { login: 'ada' }),
    ],
    expect: ['hr:1 -> usr-1 (created)', 'idp:z -> nobody (refused)', 'it:9 -> usr-2 (created)'],
    asks: ['refused login: usr-1 [hr:1] | nobody [idp:z] | usr-2 [it:9]'],
  },
  {
    it: 'refuses two values of the rule at hand, although an earlier rule joined them',
    records: [
      record('hr:1', { ...n1, login: 'ada' }),
      record('it:9', { ...n1, login: 'eda' }),
      record('idp:z', { login: 'eda' }),
    ],
    expect: ['hr:1 -> new hr:1 (created)', 'idp:z -> nobody (refused)', 'it:9 -> new hr:1 (sure number)'],
    asks: ['refused login: new hr:1 [hr:1 it:9] | nobody [idp:z]'],
  },
  {
    it: 'lets a later rule differ within what an earlier one joined',
    records: [record('hr:1', { ...n1, login: 'ada' }), record('it:9', { ...n1, login: 'eda' })],
    expect: ['hr:1 -> new hr:1 (created)', 'it:9 -> new hr:1 (sure number)'],
  },
  {
    it: 'does not count a placeholder as a value that differs',
    records: [record('hr:1', { ...n1, login: 'ada' }), record('it:9', { number: 'n/a', login: 'ada' })],
    expect: ['hr:1 -> new hr:1 (created)', 'it:9 -> new hr:1 (sure login)'],
  },
  {
    it: 'refuses a component through which a decision runs, and asks for who else is in it',
    records: [record('hr:1', n1, created('usr-1')), record('it:9', n1, created('usr-2')), record('idp:z', n1)],
    decisions: [apart('dec-1', 'hr:1', 'it:9')],
    expect: ['hr:1 -> usr-1 (created)', 'idp:z -> nobody (refused)', 'it:9 -> usr-2 (created)'],
    asks: ['refused number: usr-1 [hr:1] | nobody [idp:z] | usr-2 [it:9]'],
  },
  {
    it: 'asks nothing where people held all sides apart',
    records: [record('hr:1', n1, created('usr-1')), record('it:9', n1)],
    decisions: [apart('dec-1', 'it:9', 'hr:1')],
    expect: ['hr:1 -> usr-1 (created)', 'it:9 -> new it:9 (created)'],
  },
  {
    it: 'joins by the earlier rule whom a later one would give to somebody else',
    records: [
      record('hr:1', { ...n1, login: 'ada' }, created('usr-1')),
      record('hr:3', { number: 'e3' }, created('usr-3')),
      record('idp:z', { login: 'ada', number: 'e3' }),
    ],
    expect: ['hr:1 -> usr-1 (created)', 'hr:3 -> usr-3 (created)', 'idp:z -> usr-3 (sure number)'],
    asks: ['refused login: usr-1 [hr:1] | usr-3 [hr:3 idp:z]'],
  },
];

describe('core/correlation/partition-components', () => {
  describe('refuses components whole', () => {
    prove(refusing);
  });
});
