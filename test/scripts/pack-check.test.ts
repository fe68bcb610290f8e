import { expect } from 'chai';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './run-script.js';

interface Pack {
  problemsOf: (manifest: object, files: string[]) => string[];
}

describe('scripts/pack-check', () => {
  const manifest = {
    name: 'x',
    bin: { x: './bin/run.js' },
    exports: { '.': { 'rollcall-source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' } },
  };
  const files = ['package.json', 'README.md', 'bin/run.js', 'dist/index.js', 'dist/index.d.ts'];
  let problemsOf: Pack['problemsOf'];

  before(async () => {
    ({ problemsOf } = (await import(pathToFileURL(path.join(root, 'scripts/pack-check/pack.mjs')).href)) as Pack);
  });

  it('accepts a tarball that holds what its package.json promises', () => {
    expect(problemsOf(manifest, files)).to.deep.equal([]);
  });

  it('names what is promised and absent; sources are no promise', () => {
    const absent = problemsOf(
      manifest,
      files.filter((file) => file !== 'dist/index.d.ts'),
    );
    expect(absent).to.deep.equal(['x promises dist/index.d.ts, and the tarball lacks it']);
  });

  for (const odd of ['src/index.ts', 'dist/x.test.js', 'dist/x.tsbuildinfo', 'test/a.js', '.env', 'tsconfig.json']) {
    it(`names ${odd} as not to be published`, () => {
      expect(problemsOf(manifest, [...files, odd])).to.deep.equal([`x would publish ${odd}`]);
    });
  }
});
