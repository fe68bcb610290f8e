import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

/** What a run of main.ts printed. */
export interface Figures {
  histories: number;
  failed: number;
  steps: number;
  syncs: number;
  plans: number;
  events: number;
}

const MEMORY = '/dev/shm';

/** Plays a range of seeds in a process of its own, so that two cores work. */
export function simulate(from: number, to: number, store: string): Promise<{ figures: Figures; text: string }> {
  const main = fileURLToPath(new URL('main.js', import.meta.url));
  const child = spawn(process.execPath, [main, '--from', String(from), '--to', String(to), '--store', store], {
    stdio: ['ignore', 'pipe', 'ignore'],
    // A history's store lives for a second: where the machine has a disk in memory, it lives there. One thread is enough
    // for the stores of a process; waking others costs more than they bring.
    env: { ...process.env, TMPDIR: existsSync(MEMORY) ? MEMORY : tmpdir(), UV_THREADPOOL_SIZE: '1' },
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', () => {
      const last = text.trimEnd().split('\n').at(-1) ?? '';
      if (last.startsWith('{')) resolve({ figures: JSON.parse(last) as Figures, text });
      else reject(new Error(`The simulation of seeds ${String(from)} to ${String(to)} ended early: ${text}`));
    });
  });
}
