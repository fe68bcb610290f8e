import type { Random } from '../population/random.js';

/** One piece of work, usually a few requests about one user or group. */
export interface Task {
  /** For people who read what went wrong. */
  readonly name: string;
  /** Tasks of one subject run one after the other, in the order of the list. */
  readonly subject: string;
  /** Subjects whose tasks before this one must have ended. */
  readonly needs: readonly string[];
  readonly run: () => Promise<void>;
}

export interface RunOptions {
  /** Tasks at once, 1 or more. */
  readonly concurrency: number;
  /** Draws the next task among those that may run; without it the order of the list counts. */
  readonly shuffledBy: Random | undefined;
  /** Says what failed; true ends the run. */
  readonly onFailure: (task: Task, error: unknown) => boolean;
}

interface Waiting {
  readonly task: Task;
  missing: number;
  readonly unlocks: Waiting[];
}

/**
 * Runs tasks, several at once. A task that fails does not hold up those that need it: providers go on, too.
 *
 * @returns when all have ended or, after `onFailure` said so, those that had begun.
 */
export function runTasks(tasks: readonly Task[], options: RunOptions): Promise<void> {
  const ready = ordered(tasks).filter(({ missing }) => missing === 0);
  let running = 0;
  let isStopped = false;
  return new Promise((resolve) => {
    const ended = (done: Waiting): void => {
      running -= 1;
      for (const unlocked of done.unlocks) {
        unlocked.missing -= 1;
        if (unlocked.missing === 0) ready.push(unlocked);
      }
      startMore();
    };
    const startMore = (): void => {
      while (!isStopped && running < options.concurrency) {
        const next = take(ready, options.shuffledBy);
        if (next === undefined) break;
        running += 1;
        void attempt(next.task, options).then((stops) => {
          isStopped ||= stops;
          ended(next);
        });
      }
      if (running === 0) resolve();
    };
    startMore();
  });
}

/** @returns whether the run has to end. */
async function attempt(task: Task, { onFailure }: RunOptions): Promise<boolean> {
  try {
    await task.run();
    return false;
  } catch (error) {
    return onFailure(task, error);
  }
}

function take(ready: Waiting[], random: Random | undefined): Waiting | undefined {
  if (random === undefined) return ready.shift();
  return ready.length === 0 ? undefined : ready.splice(random.below(ready.length), 1)[0];
}

/** Each task with those that wait for it. */
function ordered(tasks: readonly Task[]): Waiting[] {
  const lastOf = new Map<string, Waiting>();
  return tasks.map((task) => {
    const waiting: Waiting = { task, missing: 0, unlocks: [] };
    for (const subject of new Set([task.subject, ...task.needs])) {
      const before = lastOf.get(subject);
      if (before === undefined) continue;
      before.unlocks.push(waiting);
      waiting.missing += 1;
    }
    lastOf.set(task.subject, waiting);
    return waiting;
  });
}
