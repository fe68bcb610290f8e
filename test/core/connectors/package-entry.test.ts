import { join } from 'node:path';
import { expect } from 'chai';
import { entryOf } from '#core/connectors/package-entry.js';
import { Projects } from './projects.js';

const FILES = Object.fromEntries(
  ['index.js', 'lib/main.js', 'lib/index.js', 'esm.js', 'cjs.cjs', '../outside.js'].map((path) => [
    `package/${path}`,
    '',
  ]),
);

const cases: [string, { main?: unknown; exports?: unknown }, string | null][] = [
  ['nothing', {}, 'index.js'],
  ['main', { main: './lib/main.js' }, 'lib/main.js'],
  ['main without its ending', { main: 'lib/main' }, 'lib/main.js'],
  ['main that is a folder', { main: 'lib' }, 'lib/index.js'],
  ['main that is not there', { main: 'gone.js' }, 'index.js'],
  ['exports as text, before main', { main: './index.js', exports: './esm.js' }, 'esm.js'],
  ['the condition import alone', { exports: { import: './esm.js' } }, 'esm.js'],
  [
    'conditions under "."',
    { exports: { '.': { types: './x.d.ts', import: './esm.js', require: './cjs.cjs' } } },
    'esm.js',
  ],
  ['require before default', { exports: { require: './cjs.cjs', default: './esm.js' } }, 'esm.js'],
  ['the order of conditions', { exports: { node: './cjs.cjs', import: './esm.js' } }, 'cjs.cjs'],
  ['nested conditions', { exports: { '.': { node: { import: './esm.js' }, default: './index.js' } } }, 'esm.js'],
  [
    'a nested condition that is not met',
    { exports: { node: { require: './cjs.cjs' }, default: './esm.js' } },
    'esm.js',
  ],
  ['a list of targets', { exports: ['not-relative.js', './esm.js'] }, 'esm.js'],
  ['a condition closed on purpose', { exports: { import: null, default: './esm.js' } }, null],
  ['only other paths', { exports: { './other': './esm.js' } }, null],
  ['only require', { exports: { require: './cjs.cjs' } }, null],
  ['a target that is not there', { exports: './dist/index.js' }, null],
  ['a target outside the package', { exports: './../outside.js' }, null],
  ['exports that are a number', { exports: 7 }, null],
];

describe('core/connectors/package-entry', () => {
  const projects = new Projects();
  after(() => projects.remove());

  for (const [what, { main, exports }, expected] of cases) {
    it(`reads ${what}`, async () => {
      const root = await projects.make(FILES);
      const folder = join(root, 'package');
      const entry = await entryOf(folder, { main, exports });
      expect(entry).to.equal(expected === null ? null : join(folder, expected));
    });
  }
});
