#!/usr/bin/env node
// The loop of test/kill at any size:
//   npm run test:kill -- [--kills 50] [--people 20000] [--store sqlite|pg|both] [--seed 1] [--kills-per-day 1]
// Each round has its own seed, which is printed: start with --seed N to go on there.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    people: { type: 'string', default: '20000' },
    store: { type: 'string', default: 'both' },
    seed: { type: 'string', default: '1' },
    'kills-per-day': { type: 'string', default: '1' },
  },
});
const STORES = { sqlite: 'on SQLite', pg: 'on PostgreSQL', both: 'kill -9' };
const title = STORES[values.store];
if (title === undefined) {
  console.error(`--store is one of: ${Object.keys(STORES).join(', ')}`);
  process.exit(64);
}

const root = fileURLToPath(new URL('..', import.meta.url));
const mocha = fileURLToPath(new URL('../node_modules/mocha/bin/mocha.js', import.meta.url));
const options = ['--no-config', '--require', 'test/dist/support/hooks.js', '--forbid-pending', '--fail-zero'];
const { status } = spawnSync(process.execPath, [mocha, ...options, '--fgrep', title, 'test/dist/kill/kill.test.js'], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    ROLLCALL_KILL: JSON.stringify({
      kills: Number(values.kills),
      people: Number(values.people),
      seed: Number(values.seed),
      killsPerDay: Number(values['kills-per-day']),
    }),
  },
});
process.exit(status ?? 1);
