import { expect } from 'chai';
import path from 'node:path';
import { root, runScript } from '../scripts/run-script.js';

const script = path.join(root, 'scripts/error-codes.mjs');

describe('docs/reference/errors.md', () => {
  it('has each error code of the sources, and no other', () => {
    expect(runScript(script, ['--check'])).to.deep.equal({ code: 0, out: '', err: '' });
  });
});

describe('scripts/error-codes', () => {
  it('lists each code with the file and line where it stands', () => {
    const { code, out } = runScript(script, ['--json']);
    expect(code).to.equal(0);
    const places = JSON.parse(out) as Record<string, string[]>;
    expect(Object.keys(places)).to.include('RC_CURSOR_EXPIRED');
    for (const place of Object.values(places).flat()) expect(place).to.match(/^[\w./-]+\.(ts|js):\d+$/);
  });
});
