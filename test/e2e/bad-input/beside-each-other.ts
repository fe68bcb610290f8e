/** Does a list of work one after the other for whoever asks in that order, and always the next one beside it. */
export class BesideEachOther<Work> {
  readonly all: readonly Work[];
  readonly #run: (work: Work) => Promise<void>;
  readonly #started = new Map<Work, Promise<void>>();

  constructor(all: readonly Work[], run: (work: Work) => Promise<void>) {
    this.all = all;
    this.#run = run;
  }

  /** What came of one; starts the one behind it, too. */
  result(work: Work): Promise<void> {
    const next = this.all[this.all.indexOf(work) + 1];
    const result = this.#start(work);
    if (next !== undefined) void this.#start(next);
    return result;
  }

  /** Until whatever was started has ended, asked for or not. */
  async rest(): Promise<void> {
    await Promise.allSettled(this.#started.values());
  }

  #start(work: Work): Promise<void> {
    const started = this.#started.get(work) ?? this.#run(work);
    this.#started.set(work, started);
    // Whoever asks hears of a failure; until then it is nobody's.
    started.catch(() => undefined);
    return started;
  }
}
