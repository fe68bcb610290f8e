import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { ended, type Ended, type TestProject } from '../support.js';
import { withDatabase } from './database.js';

/** A sync that waits for its file to come to rest: it holds the directory's lease, and no lock of the database. */
export interface Waiting {
  child: ChildProcess;
  answer: Promise<Ended>;
}

/** Between two looks: another process does not say when it has come so far. */
const between = (): Promise<void> => wait(25);

/** Starts a sync of hr whose settings make it wait, and returns once it does. */
export async function waitingSync(
  project: TestProject,
  now: string,
  args: readonly string[] = ['sync', 'hr', '--json'],
): Promise<Waiting> {
  const child = project.start(args, { now });
  const answer = ended(child);
  await withDatabase(project, async (database) => {
    // The run is stored after the lease was taken; nothing is written between that and the wait.
    for (let running = 0; running === 0;) {
      await between();
      if (child.exitCode !== null) throw new Error(`It did not wait: ${JSON.stringify(await answer)}`);
      running = (await database('run').where({ outcome: 'running' })).length;
    }
  });
  return { child, answer };
}

/** Sends SIGINT and returns once the process has said that it heard it. */
export async function interrupt(child: ChildProcess): Promise<void> {
  const { stderr } = child;
  if (stderr === null) throw new Error('Nothing can be heard of it.');
  const heard = (async () => {
    for (let text = ''; !text.includes('Stopping');) text += String((await once(stderr, 'data'))[0]);
  })();
  child.kill('SIGINT');
  await heard;
}
