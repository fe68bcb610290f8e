import type { Writable } from 'node:stream';
import { paintFor } from './terminal/paint.js';
import { ProgressLine, progressText } from './terminal/progress.js';
import type { Screen } from './terminal/screen.js';

/** A stream that may be a terminal. */
export interface OutputStream extends Pick<Writable, 'write'> {
  isTTY?: boolean;
  columns?: number;
}

export interface Streams {
  stdout: OutputStream;
  stderr: OutputStream;
  stdin: NodeJS.ReadableStream & { isTTY?: boolean };
}

export interface OutputFlags {
  json: boolean;
  quiet: boolean;
  noColor: boolean;
}

/** Where a command writes: the document or its text to stdout, everything about the work itself to stderr. */
export class Output {
  readonly flags: OutputFlags;
  readonly #streams: Streams;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #progress: ProgressLine;

  constructor(streams: Streams, flags: OutputFlags, env: Readonly<Record<string, string | undefined>>) {
    this.#streams = streams;
    this.flags = flags;
    this.#env = env;
    this.#progress = new ProgressLine({
      write: (text) => streams.stderr.write(text),
      isTerminal: streams.stderr.isTTY === true,
      width: () => streams.stderr.columns ?? 80,
      now: () => performance.now(),
    });
  }

  /** True where a person can be asked. */
  get canAsk(): boolean {
    return this.#streams.stdin.isTTY === true && this.#streams.stderr.isTTY === true;
  }

  get streams(): Streams {
    return this.#streams;
  }

  /** How texts on that stream may look. */
  async screen(name: 'stdout' | 'stderr' = 'stdout'): Promise<Screen> {
    const { escapeControl } = await import('@rollcall/core/errors');
    const stream = this.#streams[name];
    const isTerminal = stream.isTTY === true;
    return {
      width: isTerminal ? Math.max(40, stream.columns ?? 80) : Infinity,
      paint: paintFor({ isTerminal, noColor: this.flags.noColor, env: this.#env }),
      safe: escapeControl,
      hints: !this.flags.quiet,
    };
  }

  document(value: unknown): void {
    this.#progress.clear();
    const spaces = this.#streams.stdout.isTTY === true ? 2 : undefined;
    this.#streams.stdout.write(`${JSON.stringify(value, null, spaces)}\n`);
  }

  text(value: string): void {
    this.#progress.clear();
    this.#streams.stdout.write(value.endsWith('\n') ? value : `${value}\n`);
  }

  /** A line about the work; silent with `--quiet`. */
  note(value: string): void {
    if (!this.flags.quiet) this.warn(value);
  }

  /** A line about the work that stays even with `--quiet`. */
  warn(value: string): void {
    this.#progress.clear();
    this.#streams.stderr.write(`${value}\n`);
  }

  readonly progress: ProgressLine['report'] = (progress) => {
    if (this.#env.ROLLCALL_DEBUG === '1') this.warn(progressText(progress, 0));
    else if (!this.flags.quiet) this.#progress.report(progress);
  };

  endProgress(): void {
    this.#progress.clear();
  }
}
