import { mkdtemp, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import type { TestStore } from '../support/stores.js';
import { replay, type Replayed } from './replay.js';

/**
 * Plays histories seed by seed and prints a line for each that fails and the figures at the end; exit code 1 where one
 * failed. `npm run simulate -- --from 1 --to 3000` is this; a run that was broken off goes on with the next `--from`.
 */
const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '1' },
    to: { type: 'string', default: '3000' },
    steps: { type: 'string', default: '8' },
    /** Every n-th history is five times as long. */
    long: { type: 'string', default: '8' },
    /** `sqlite`, or the URL of a PostgreSQL. */
    store: { type: 'string', default: 'sqlite' },
    every: { type: 'string', default: '100' },
    /** How many histories are played at the same time. */
    beside: { type: 'string', default: '2' },
  },
});

async function createStore(): Promise<TestStore> {
  if (values.store === 'sqlite') {
    const folder = await mkdtemp(path.join(tmpdir(), 'rollcall-simulated-'));
    return {
      configuration: { client: 'sqlite3', file: path.join(folder, 'rollcall.db') },
      remove: () => rm(folder, { recursive: true, force: true }),
    };
  }
  const url = values.store;
  const schema = `s${randomBytes(8).toString('hex')}`;
  const run = async (text: string): Promise<void> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(text).finally(() => client.end());
  };
  await run(`CREATE SCHEMA ${schema}`);
  return { configuration: { client: 'pg', url, schema }, remove: () => run(`DROP SCHEMA ${schema} CASCADE`) };
}

const total: Replayed & { histories: number; failed: number } = {
  histories: 0,
  failed: 0,
  steps: 0,
  syncs: 0,
  plans: 0,
  events: 0,
};
let next = Number(values.from);

/** While one history waits for its store, the other one goes on. */
async function playOn(): Promise<void> {
  while (next <= Number(values.to)) await play(next++);
}

async function play(seed: number): Promise<void> {
  const steps = Number(values.steps) * (seed % Number(values.long) === 0 ? 5 : 1);
  try {
    const done = await replay(seed, await createStore(), { steps, people: 16 });
    for (const key of ['steps', 'syncs', 'plans', 'events'] as const) total[key] += done[key];
  } catch (error) {
    total.failed += 1;
    process.stdout.write(
      `FAILED seed ${String(seed)} with --steps ${String(steps)}: ${error instanceof Error ? error.message : String(error)}\n`,
    );
  }
  total.histories += 1;
  if (total.histories % Number(values.every) === 0) process.stderr.write(`${JSON.stringify({ seed, ...total })}\n`);
}

await Promise.all(Array.from({ length: Number(values.beside) }, () => playOn()));
process.stdout.write(`${JSON.stringify(total)}\n`);
process.exitCode = total.failed > 0 ? 1 : 0;
