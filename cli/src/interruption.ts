type StopSignal = 'SIGINT' | 'SIGTERM';

const EXIT_CODES: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143 };

/** What the process listens to; a part of `process`. */
export interface SignalSource {
  on(name: StopSignal, listener: () => void): unknown;
  off(name: StopSignal, listener: () => void): unknown;
}

/** SIGINT and SIGTERM as an `AbortSignal` whose reason is the signal's name: the first asks the work to stop between two batches, a second SIGINT ends it at once. */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #source: SignalSource;
  readonly #endAtOnce: (exitCode: number) => void;
  readonly #whatItDoes: string;
  readonly #onInterrupt = (): void => {
    this.#stop('SIGINT');
  };
  readonly #onTerminate = (): void => {
    this.#stop('SIGTERM');
  };
  #exitCode: number | null = null;
  #tell: (message: string) => void = () => undefined;

  /** @param whatItDoes - what a stop means for the work, as the beginning of a sentence. */
  constructor(
    source: SignalSource,
    endAtOnce: (exitCode: number) => void,
    whatItDoes = 'Stopping after the running batch.',
  ) {
    this.#source = source;
    this.#whatItDoes = whatItDoes;
    this.#endAtOnce = endAtOnce;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The exit code of the signal that came; null while none has. */
  get exitCode(): number | null {
    return this.#exitCode;
  }

  listen(tell: (message: string) => void): void {
    this.#tell = tell;
    this.#source.on('SIGINT', this.#onInterrupt);
    this.#source.on('SIGTERM', this.#onTerminate);
  }

  stopListening(): void {
    this.#source.off('SIGINT', this.#onInterrupt);
    this.#source.off('SIGTERM', this.#onTerminate);
  }

  #stop(stopSignal: StopSignal): void {
    if (this.signal.aborted) {
      if (stopSignal === 'SIGINT') this.#endAtOnce(EXIT_CODES.SIGINT);
      return;
    }
    const again = stopSignal === 'SIGINT' ? ' Press Ctrl-C again to end at once.' : '';
    this.#tell(`${this.#whatItDoes}${again}`);
    this.#exitCode = EXIT_CODES[stopSignal];
    this.#controller.abort(stopSignal);
  }
}
