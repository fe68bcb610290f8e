import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { SetupFailed } from '../setup.mjs';
import { root } from '../tree-files.mjs';
import { mustEqual } from './run.mjs';

const example = 'examples/embed/server.mjs';
const patienceMs = 30_000;

/** The address that the service prints once it listens. */
async function addressOf(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /http:\/\/[\w.:[\]]+/.exec(line)?.[0];
    if (address) return address;
  }
  throw new SetupFailed(`${example} ended without printing an address.`);
}

/** Runs the example as its README says: in a project that the CLI has synced, on a free port. */
export async function checkEmbedding({ app }) {
  if (!existsSync(path.join(root, example))) return 'not there yet';
  copyFileSync(path.join(root, example), path.join(app, 'server.mjs'));
  const project = path.join(app, 'demo');
  const env = { ...process.env, PORT: '0', ROLLCALL_NOW: '2026-03-09T08:00:00Z' };
  const child = spawn(process.execPath, ['../server.mjs', project], {
    cwd: project,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const patience = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  try {
    const answer = await fetch(new URL('/users', await addressOf(child)));
    mustEqual('GET /users', answer.status, 200);
    const body = await answer.json();
    const users = Array.isArray(body) ? body : body.items;
    mustEqual('users served', users.length, 4);
    return `GET /users answered ${users.length} users`;
  } finally {
    clearTimeout(patience);
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
}
