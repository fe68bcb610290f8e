import { expect } from 'chai';
import path from 'node:path';
import { root, runScript, Scratch } from '../scripts/run-script.js';

const script = path.join(root, 'scripts/check-docs.mjs');

describe('docs', () => {
  it('name only files, headings and npm scripts that exist', () => {
    expect(runScript(script, [])).to.deep.equal({ code: 0, out: '', err: '' });
  });
});

describe('scripts/check-docs', () => {
  let scratch: Scratch;

  beforeEach(() => {
    scratch = new Scratch();
    scratch.write('package.json', '{ "scripts": { "test": "x" } }');
    scratch.write('core/src/here.ts', '');
    scratch.write('docs/other.md', '# A heading, `with code`\n');
  });

  afterEach(() => {
    scratch.remove();
  });

  const problems = (page: string): string[] => {
    scratch.write('docs/page.md', page);
    return runScript(script, [scratch.folder]).err.split('\n').filter(Boolean);
  };

  it('finds a link that leads nowhere, a missing heading, file and script, each with its line', () => {
    expect(problems('[a](gone.md)\n[b](other.md#gone)\n`core/src/gone.ts`\n```sh\nnpm run gone\n```\n')).to.deep.equal([
      'docs/page.md:1: the link gone.md leads nowhere',
      'docs/page.md:2: other.md#gone: no such heading',
      'docs/page.md:3: there is no core/src/gone.ts',
      'docs/page.md:5: there is no npm script gone',
    ]);
  });

  it('accepts what exists, what a reader replaces, and what lies elsewhere', () => {
    const page = [
      '[a](other.md) [b](other.md#a-heading-with-code) [c](https://example.com/x) [d](../core/src/here.ts)',
      '`core/src/here.ts` `core/src/here.ts:3` `core/src/NAME/x.ts` `core/src/*.ts` `mappings/hr.yaml` `text/csv`',
      '`npm test`, `npm ci`',
    ];
    expect(problems(page.join('\n'))).to.deep.equal([]);
  });
});
