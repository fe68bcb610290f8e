import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = path.dirname(fileURLToPath(import.meta.resolve('#core/index.js')));
const STATIC_IMPORT = /^(?:(?:import|export)\s[^;'"=(]*?from\s|import\s)'([^']+)';/gm;

/** The packages that a module brings along, as soon as it is imported. */
function packagesOf(file: string, seen = new Set<string>()): Set<string> {
  const packages = new Set<string>();
  if (seen.has(file)) return packages;
  seen.add(file);
  for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(STATIC_IMPORT)) {
    if (name.startsWith('node:')) continue;
    if (!name.startsWith('.')) packages.add(name);
    else for (const found of packagesOf(path.resolve(path.dirname(file), name), seen)) packages.add(found);
  }
  return packages;
}

describe('core/entries', () => {
  const HEAVY = ['ajv/dist/2020.js', 'inversify', 'reflect-metadata', 'knex', 'yaml'];

  it('sees what the whole of core brings along', () => {
    expect([...packagesOf(path.join(dist, 'index.js'))]).to.include.members(HEAVY);
  });

  // Every start of the command line pays for what stands here.
  for (const [entry, packages] of Object.entries({
    errors: ['@rollcall/connector-kit'],
    'open-for-reading': ['@rollcall/connector-kit', 'knex'],
    project: ['@rollcall/connector-kit', '@rollcall/jsonata-compiler', 'yaml'],
  }))
    it(`loads for ${entry} what it needs, and no validator, no connector and no container`, () => {
      expect([...packagesOf(path.join(dist, `${entry}.js`))].sort()).to.deep.equal(packages);
    });
});
