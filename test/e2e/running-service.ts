import type { TestProject } from './support.js';
import { ended, type Ended } from './support.js';

type Child = ReturnType<TestProject['start']>;

/** A `rollcall serve` in a process of its own; killed at the end of its block, if it still runs then. */
export class RunningService implements AsyncDisposable {
  readonly #child: Child;
  readonly #ended: Promise<Ended>;
  readonly #url: Promise<string>;

  constructor(child: Child) {
    this.#child = child;
    this.#ended = ended(child);
    let heard = '';
    this.#url = new Promise((resolve, reject) => {
      child.stdout.on('data', (text: string) => {
        heard += text;
        const [url] = /http:\/\/[\d.]+:\d+/.exec(heard) ?? [];
        if (url !== undefined) resolve(url);
      });
      void this.#ended.then(({ stderr }) => {
        reject(new Error(`The service ended: ${stderr}`));
      });
    });
    // Whoever never asks for it does not want to hear that there is none.
    this.#url.catch(() => undefined);
  }

  /** Where it listens, as it prints it. */
  url(): Promise<string> {
    return this.#url;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop('SIGKILL');
  }

  /** Sends a signal and waits for the end. */
  stop(signal: NodeJS.Signals): Promise<Ended> {
    this.#child.kill(signal);
    return this.#ended;
  }
}
