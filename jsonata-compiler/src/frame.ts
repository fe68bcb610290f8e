import type { Run } from './run.js';
import type { Tuple } from './values.js';

/** A variable that no `:=` has reached yet: the look-up goes on outside. */
export const UNSET: unique symbol = Symbol('unset');

/** The variables of one scope at run time: slots for names known at compile time, a tuple for those of a stream. */
export class Frame {
  readonly run: Run;
  readonly parent: Frame | undefined;
  readonly slots: unknown[];
  readonly tuple: Tuple | undefined;

  constructor(run: Run, parent: Frame | undefined, slots: unknown[], tuple?: Tuple) {
    this.run = run;
    this.parent = parent;
    this.slots = slots;
    this.tuple = tuple;
  }
}

/** Shared by all scopes without variables: nothing is ever written to it. */
const NO_SLOTS: unknown[] = [];

/** A compiled node: the value for a context and the variables in reach. */
export type Evaluate = (input: unknown, frame: Frame) => unknown;

export function unsetSlots(count: number): unknown[] {
  if (count === 0) return NO_SLOTS;
  const slots: unknown[] = [];
  for (let slot = 0; slot < count; slot++) slots.push(UNSET);
  return slots;
}
