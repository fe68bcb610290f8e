import { fail } from './errors.js';
import type { Run } from './run.js';
import { isArray, isFunction } from './values.js';

/** What a value that is no string counts for. */
const SCALAR = 8;

/** Checks a result against the output budget; cycles, which transforms can make, end by depth. */
export function checkOutput(value: unknown, run: Run): void {
  if (typeof value === 'string') {
    if (value.length > run.maxOutput) fail('BUDGET_OUTPUT');
  } else if (typeof value === 'object' && value !== null) {
    new Meter(run).measure(value);
  }
}

class Meter {
  #left: number;
  readonly #run: Run;

  constructor(run: Run) {
    this.#run = run;
    this.#left = run.maxOutput;
  }

  measure(value: unknown): void {
    this.#pay(typeof value === 'string' ? value.length + 2 : SCALAR);
    if (typeof value !== 'object' || value === null || isFunction(value)) return;
    this.#run.enter();
    if (isArray(value)) {
      for (const item of value) this.measure(item);
    } else {
      for (const key of Object.keys(value)) {
        this.#pay(key.length);
        this.measure((value as Record<string, unknown>)[key]);
      }
    }
    this.#run.leave();
  }

  #pay(characters: number): void {
    this.#left -= characters;
    if (this.#left < 0) fail('BUDGET_OUTPUT');
  }
}
