/** Says that the service stops: requests that wait for something are answered with what there is. */
export class DrainSignal {
  readonly #controller = new AbortController();

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isDraining(): boolean {
    return this.signal.aborted;
  }

  begin(): void {
    this.#controller.abort();
  }
}
