import { Random } from '../population/random.js';

/** What goes wrong on the way, as shares of the requests, 0 to 1. */
export interface FaultOptions {
  /** Writes that are sent twice, one after the other or at once. */
  readonly duplicates?: number;
  /** Requests whose answer is thrown away after the server did the work; they are sent again. */
  readonly drops?: number;
  /** Whether tasks run in any order that the provider's own rules leave free. */
  readonly shuffle?: boolean;
}

export type Duplicate = 'none' | 'after' | 'at once';

/** Draws each request's fate from a seed. With one request at a time the same seed gives the same faults. */
export class Faults {
  readonly #random: Random;
  readonly #duplicates: number;
  readonly #drops: number;

  constructor(seed: number, options: FaultOptions) {
    this.#random = new Random(seed, 'faults');
    this.#duplicates = options.duplicates ?? 0;
    this.#drops = options.drops ?? 0;
  }

  dropsAnswer(): boolean {
    return this.#random.isHit(this.#drops);
  }

  duplicate(method: string): Duplicate {
    if (method === 'GET' || !this.#random.isHit(this.#duplicates)) return 'none';
    return this.#random.isHit(0.5) ? 'after' : 'at once';
  }
}
