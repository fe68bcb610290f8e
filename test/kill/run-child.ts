import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ChildAnswer, ChildOrder } from './child.js';

/** How a child process ended. */
export interface ChildEnd {
  /** True: SIGKILL ended it. */
  killed: boolean;
  /** What it said at its own end; null where it did not come to that. */
  answer: ChildAnswer | null;
  errors: string;
}

const CHILD = fileURLToPath(new URL('child.js', import.meta.url));

/**
 * Runs the process that holds the store. Where the order aims and the process says that it is there, waits for
 * `beforeKill`, then kills that very process by its id.
 */
export function runChild(order: ChildOrder, beforeKill: () => Promise<unknown>): Promise<ChildEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--enable-source-maps', CHILD, JSON.stringify(order)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
      if (chunk.includes('reached\n')) void beforeKill().then(() => child.kill('SIGKILL'), reject);
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
    child.once('error', reject);
    child.once('close', (_, signal) => {
      const last = said.split('\n').find((line) => line.startsWith('{'));
      resolve({
        killed: signal === 'SIGKILL',
        answer: last === undefined || signal !== null ? null : (JSON.parse(last) as ChildAnswer),
        errors,
      });
    });
  });
}
