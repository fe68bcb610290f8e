import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const binary = fileURLToPath(new URL('../../../cli/bin/run.js', import.meta.url));

describe('rollcall --version', () => {
  /** What Node says that it loads, on stderr. */
  const loadedBy = (...args: string[]): string[] => {
    const script = `exec "$@" 2>&1`;
    const env = { ...process.env, NODE_DEBUG: 'esm,module' };
    const said = execFileSync('/bin/sh', ['-c', script, 'sh', process.execPath, binary, ...args], {
      env,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    return [...new Set([...said.matchAll(/file:\/\/\/[^\s'"]+\.js/g)].map(([file]) => file))];
  };
  const HEAVY = /\/core\/dist\/|\/(knex|sqlite3|pg|yaml|ajv)\/|@oclif/;

  it('loads neither core nor a driver nor the parser of command lines', () => {
    const loaded = loadedBy('--version');
    expect(loaded.filter((file) => file.includes('/cli/dist/'))).to.not.deep.equal([]);
    expect(loaded.filter((file) => HEAVY.test(file))).to.deep.equal([]);
  });

  it('would be seen to load them: help does', () => {
    expect(loadedBy('--help').filter((file) => HEAVY.test(file))).to.not.deep.equal([]);
  });
});
