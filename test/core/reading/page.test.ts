import { expect } from 'chai';
import { limitOf, pageOf, readCursor, writeCursor, type ListScope } from '#core/reading/page.js';

const scope: ListScope = { tenantId: 'acme', list: 'users', filters: [true, null] };
const refusal = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return null;
};

describe('core/reading/page', () => {
  it('reads back the key that a cursor was made of', () => {
    expect(readCursor(scope, writeCursor(scope, ['dir-hr', 7]))).to.deep.equal(['dir-hr', 7]);
  });

  it('begins at the front without a cursor', () => {
    expect(readCursor(scope, undefined)).to.equal(null);
  });

  for (const [name, other] of Object.entries({
    'another list': { ...scope, list: 'groups' },
    'another filter': { ...scope, filters: [false, null] },
    'another tenant': { ...scope, tenantId: 'other' },
  })) {
    it(`refuses a cursor of ${name}`, () => {
      expect(refusal(() => readCursor(other, writeCursor(scope, ['usr-1'])))).to.equal('RC_CURSOR_INVALID');
    });
  }

  it('refuses a cursor with any one character altered', () => {
    const cursor = writeCursor(scope, ['usr-1']);
    const altered = cursor
      .split('')
      .map((character, n) => cursor.slice(0, n) + (character === 'A' ? 'B' : 'A') + cursor.slice(n + 1));
    expect(altered.map((text) => refusal(() => readCursor(scope, text)))).to.deep.equal(
      altered.map(() => 'RC_CURSOR_INVALID'),
    );
  });

  for (const cursor of [
    '',
    'null',
    'e30',
    Buffer.from('[]').toString('base64url'),
    Buffer.from('[[1]]').toString('base64url'),
  ]) {
    it(`refuses ${JSON.stringify(cursor)}, which is no cursor`, () => {
      expect(refusal(() => readCursor(scope, cursor))).to.equal('RC_CURSOR_INVALID');
    });
  }

  it('names a next page only where there is one more row than fits', () => {
    const keyOf = (row: string): [string] => [row];
    const full = pageOf(scope, ['a', 'b', 'c'], 2, keyOf);
    expect(full.rows).to.deep.equal(['a', 'b']);
    expect(readCursor(scope, full.next ?? undefined)).to.deep.equal(['b']);
    expect(pageOf(scope, ['a', 'b'], 2, keyOf)).to.deep.equal({ rows: ['a', 'b'], next: null });
  });

  it('takes 100 items when nothing is said and refuses what is no number of items', () => {
    expect(limitOf(undefined)).to.equal(100);
    expect(limitOf(7)).to.equal(7);
    for (const limit of [0, -1, 1.5, Number.NaN]) expect(refusal(() => limitOf(limit))).to.equal('RC_USAGE_LIMIT');
  });
});
