import type { JsonObject } from '@rollcall/connector-kit';
import { expect } from 'chai';
import { sourceIdReader } from '#core/mapping/source-id.js';
import { compiled } from './compiled.js';

function readerOf(expression: string): ReturnType<typeof sourceIdReader> {
  return sourceIdReader(
    compiled(`mapping: test\nkind: user\nsourceId: ${JSON.stringify(expression)}\nattributes: { title: t }\n`),
  );
}

const cases: [string, JsonObject, string | undefined][] = [
  ['a text', { id: 'E1' }, 'E1'],
  ['leading zeros', { id: '00417' }, '00417'],
  ['white space around it', { id: ' E1\u00a0' }, 'E1'],
  ['another Unicode form', { id: 'e\u0301' }, 'é'],
  ['a whole number', { id: 417 }, '417'],
  ['a number that lost digits', { id: 9_007_199_254_740_993 }, undefined],
  ['a broken number', { id: 1.5 }, undefined],
  ['an empty text', { id: '' }, undefined],
  ['white space', { id: ' ' }, undefined],
  ['nothing', {}, undefined],
  ['null', { id: null }, undefined],
  ['true', { id: true }, undefined],
  ['a list', { id: ['E1'] }, undefined],
  ['512 characters', { id: 'x'.repeat(512) }, 'x'.repeat(512)],
  ['513 characters', { id: 'x'.repeat(513) }, undefined],
  ['NUL', { id: 'E\0' }, undefined],
];

describe('core/mapping/source-id', () => {
  for (const [what, raw, expected] of cases) {
    it(`reads ${what} as ${expected === undefined ? 'unreadable' : `"${expected.slice(0, 8)}"`}, at once and through the engine`, async () => {
      const plain = readerOf('id');
      expect(plain.sync?.(raw)).to.equal(expected);
      expect(await plain.read(raw)).to.equal(expected);
      expect(await readerOf('(id)').read(raw)).to.equal(expected);
    });
  }

  it('has no fast way for what is no plain field', async () => {
    const reader = readerOf('company & "-" & number');
    expect(reader.sync).to.equal(null);
    expect(await reader.read({ company: 'A', number: '7' })).to.equal('A-7');
  });

  it('takes an expression that fails for an unreadable id', async () => {
    expect(await readerOf('$uppercase(id)').read({ id: 5 })).to.equal(undefined);
  });

  it('reads own fields only', () => {
    expect(readerOf('toString').sync?.({})).to.equal(undefined);
  });
});
