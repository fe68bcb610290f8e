import { expect } from 'chai';
import { HttpProblem } from '@rollcall/server';
import { Cursors, type CursorScope } from '#server/v1/cursor.js';

const SCOPE: CursorScope = { tenant: 'acme', list: 'listUsers', filters: { active: true, reason: undefined } };

describe('server/v1/cursor', () => {
  const cursors = new Cursors(Buffer.alloc(32, 1));
  const signed = cursors.sign(SCOPE, 'inner');

  /** The code that a cursor is refused with; null where it is read. */
  const codeOf = (scope: CursorScope, cursor = signed, by = cursors): string | null => {
    try {
      by.open(scope, cursor);
      return null;
    } catch (error) {
      return error instanceof HttpProblem ? error.parts.code : String(error);
    }
  };

  it('reads back what it signed, in any process of the installation, whatever the order of the filters', () => {
    expect(cursors.open(SCOPE, signed)).to.equal('inner');
    expect(new Cursors(Buffer.alloc(32, 1)).open(SCOPE, signed)).to.equal('inner');
    const turned = { ...SCOPE, filters: { b: 1, a: 2 } };
    expect(codeOf({ ...SCOPE, filters: { a: 2, b: 1 } }, cursors.sign(turned, 'x'))).to.equal(null);
  });

  it('is bound to tenant, list, each filter and the installation', () => {
    const scopes: CursorScope[] = [
      { ...SCOPE, tenant: 'bravo' },
      { ...SCOPE, list: 'listGroups' },
      { ...SCOPE, filters: {} },
      { ...SCOPE, filters: { active: false } },
      { ...SCOPE, filters: { active: true, reason: 'absent' } },
    ];
    for (const scope of scopes) expect(codeOf(scope), JSON.stringify(scope)).to.equal('RC_CURSOR_INVALID');
    expect(codeOf(SCOPE, signed, new Cursors(Buffer.alloc(32, 2)))).to.equal('RC_CURSOR_INVALID');
  });

  it('refuses every other text', () => {
    const [inner = '', tag = ''] = signed.split('.');
    for (const other of [
      '',
      '.',
      inner,
      tag,
      `.${tag}`,
      `other.${tag}`,
      `${signed}A`,
      `${inner}.${tag.slice(0, -1)}`,
      '\0',
    ])
      expect(codeOf(SCOPE, other), other).to.equal('RC_CURSOR_INVALID');
  });
});
