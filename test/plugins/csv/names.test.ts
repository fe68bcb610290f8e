import { expect } from 'chai';
import { isDeliveredName } from '#csv/file-place.js';
import { compareNames, matchesPattern } from '#csv/names.js';

describe('plugins/csv/names', () => {
  const matches: [name: string, pattern: string][] = [
    ['hr-2026.csv', 'hr-*.csv'],
    ['hr-.csv', 'hr-*.csv'],
    ['hr-1.csv', 'hr-?.csv'],
    ['a(1)+[x].csv', 'a(1)+[x].csv'],
    ['größe👩.csv', 'gr??e?.csv'],
    ['line\nbreak', '*'],
  ];
  for (const [name, pattern] of matches) {
    it(`finds ${JSON.stringify(name)} by ${pattern}`, () => {
      expect(matchesPattern(name, pattern)).to.equal(true);
    });
  }

  const others: [name: string, pattern: string][] = [
    ['hr-2026.csv.bak', 'hr-*.csv'],
    ['old-hr-1.csv', 'hr-*.csv'],
    ['hr-1xcsv', 'hr-?.csv'],
    ['hr-.csv', 'hr-?.csv'],
    ['HR-1.csv', 'hr-*.csv'],
    ['a', '[a]'],
  ];
  for (const [name, pattern] of others) {
    it(`does not find ${JSON.stringify(name)} by ${pattern}`, () => {
      expect(matchesPattern(name, pattern)).to.equal(false);
    });
  }

  it('orders names by their code units', () => {
    const names = ['hr-9.csv', 'hr-10.csv', 'hr-2026-03-09.csv', 'Hr.csv', 'hr-2026-03-10.csv'];
    expect(names.sort(compareNames)).to.deep.equal([
      'Hr.csv',
      'hr-10.csv',
      'hr-2026-03-09.csv',
      'hr-2026-03-10.csv',
      'hr-9.csv',
    ]);
  });

  it('takes no file that a sender or a stranger may have under way', () => {
    for (const name of ['.a', 'a.part', 'a.TMP', 'a.filepart', 'a\\b', 'a/b', 'a\u0000b', 'a\u007f', 'a\rb']) {
      expect(isDeliveredName(name), JSON.stringify(name)).to.equal(false);
    }
    for (const name of ['a.csv', 'part', 'ä ö.csv']) expect(isDeliveredName(name), name).to.equal(true);
  });
});
