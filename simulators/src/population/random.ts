/** Numbers from a seed (mulberry32): the same on every machine and in every release. */
export class Random {
  #state: number;

  /** @param seed - a whole number; `lane` keeps apart what draws for different purposes from one seed. */
  constructor(seed: number, lane = '') {
    this.#state = Buffer.from(lane).reduce((state, byte) => Math.imul(state ^ byte, 0x01000193), seed >>> 0);
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  isHit(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('There is nothing to pick from.');
    return item;
  }

  /** At most `count` different items, in random order. */
  sample<T>(items: readonly T[], count: number): T[] {
    const rest = [...items];
    const drawn: T[] = [];
    while (drawn.length < count && rest.length > 0) {
      const at = this.below(rest.length);
      const item = rest[at];
      const last = rest.pop();
      if (item !== undefined) drawn.push(item);
      if (last !== undefined && at < rest.length) rest[at] = last;
    }
    return drawn;
  }

  /** `length` characters of `alphabet`. */
  text(length: number, alphabet: string): string {
    return Array.from({ length }, () => alphabet.charAt(this.below(alphabet.length))).join('');
  }
}
