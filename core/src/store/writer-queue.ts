/** Lanes of the writer queue, the first is served first: a person who leaves never waits for a snapshot. */
export const LANES = ['push', 'notification', 'fast', 'sweep'] as const;
export type Lane = (typeof LANES)[number];

/** Lets one task at a time write; SQLite has one writer, and waiters in its own `busy_timeout` would fill libuv's threads. */
export class WriterQueue {
  readonly #waiting: Readonly<Record<Lane, (() => void)[]>> = { push: [], notification: [], fast: [], sweep: [] };
  #busy = false;

  /** Runs `task` when it is its turn; the next one starts when it has settled. */
  async run<T>(lane: Lane, task: () => Promise<T>): Promise<T> {
    await this.#turn(lane);
    try {
      return await task();
    } finally {
      this.#next();
    }
  }

  /** True while others of the lane wait for their turn. */
  isAwaited(lane: Lane): boolean {
    return this.#waiting[lane].length > 0;
  }

  #turn(lane: Lane): Promise<void> {
    if (!this.#busy) {
      this.#busy = true;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#waiting[lane].push(resolve));
  }

  #next(): void {
    for (const lane of LANES) {
      const resolve = this.#waiting[lane].shift();
      if (resolve !== undefined) {
        resolve();
        return;
      }
    }
    this.#busy = false;
  }
}
