import { expect } from 'chai';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, runScript } from '../scripts/run-script.js';

interface ErrorPage {
  pageFor: (codes: Map<string, string[]>, page: string) => string;
}

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

  it('keeps what somebody wrote of a code, drafts what is new and drops what is gone', async () => {
    const { pageFor } = (await import(pathToFileURL(path.join(root, 'scripts/error-page.mjs')).href)) as ErrorPage;
    const page = '# Title\n\n### `RC_CURSOR_EXPIRED`\n\nBy hand.\n\n### `RC_GONE`\n\nOld.\n';
    const made = pageFor(
      new Map([
        ['RC_CURSOR_EXPIRED', []],
        ['RC_NEW', []],
      ]),
      page,
    );
    expect(made).to.equal('# Title\n\n### `RC_CURSOR_EXPIRED`\n\nBy hand.\n\n### `RC_NEW`\n\nTODO\n');
  });
});
