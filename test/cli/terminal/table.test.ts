import { expect } from 'chai';
import { paintFor } from '#cli/terminal/paint.js';
import { table } from '#cli/terminal/table.js';
import { widthOf } from '#cli/terminal/width.js';

interface Person {
  id: string;
  name: string;
  note: string;
}

const plain = paintFor({ isTerminal: false, noColor: false, env: {} });
const columns = [
  { title: 'ID', cell: (person: Person) => person.id, isWhole: true },
  { title: 'NAME', cell: (person: Person) => person.name },
  { title: 'NOTE', cell: (person: Person) => person.note },
];
const people: Person[] = [
  { id: 'usr-1', name: 'Ada Lovelace', note: 'writes the first program, long before there is a machine to run it' },
  { id: 'usr-22', name: '山田太郎', note: '' },
];

describe('cli/terminal/table', () => {
  it('lines columns up by cells, wide letters included', () => {
    expect(table(people, columns, Infinity, plain).split('\n')).to.deep.equal([
      'ID      NAME          NOTE',
      'usr-1   Ada Lovelace  writes the first program, long before there is a machine to run it',
      'usr-22  山田太郎',
    ]);
  });

  it('fits the terminal, and lets the widest column give way first', () => {
    const lines = table(people, columns, 50, plain).split('\n');
    expect(Math.max(...lines.map(widthOf))).to.equal(50);
    expect(lines[1]).to.match(/^usr-1 {3}Ada Lovelace {2}writes .*…$/);
  });

  it('never cuts an id, however narrow the terminal', () => {
    const lines = table(people, columns, 12, plain).split('\n');
    expect(lines[2]).to.match(/^usr-22 {2}/);
  });

  it('paints only where it may', () => {
    const styled = [{ ...columns[0], title: 'ID', cell: (person: Person) => person.id, style: () => 'red' as const }];
    const inColour = paintFor({ isTerminal: true, noColor: false, env: {} });
    expect(table(people, styled, 80, inColour)).to.contain('\u001b[31musr-1\u001b[39m');
    expect(table(people, styled, 80, plain)).to.not.contain('\u001b');
  });
});
