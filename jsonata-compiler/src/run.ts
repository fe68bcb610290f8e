import { completeBudgets, defaultBudgets, type Budgets } from './budgets.js';
import { fail } from './errors.js';

/** Time and chance, which only the caller can give. */
export interface Chance {
  /** Milliseconds since the epoch that `$now`, `$millis` and incomplete timestamps use. */
  readonly now?: number;
  /** What `$random` and `$shuffle` draw from: at least 0, below 1. */
  readonly random?: () => number;
}

/** What the caller says about one evaluation. */
export type Limits = Partial<Budgets> & Chance;

/** What stays the same from one evaluation to the next. */
export interface Terms {
  readonly budgets: Budgets;
  readonly chance: Chance | undefined;
  /** The caller's bindings; a transform may write into none of them. */
  readonly bindings: unknown;
}

const usual: Terms = { budgets: defaultBudgets, chance: undefined, bindings: undefined };

export function termsOf(bindings: unknown, limits: Limits | undefined): Terms {
  if (bindings === undefined && limits === undefined) return usual;
  return { budgets: completeBudgets(limits), chance: limits, bindings };
}

let runs = 0;

/** A field of the root that no expression has asked for yet. */
export const UNREAD: unique symbol = Symbol('unread');

const NO_FIELDS: unknown[] = [];

/** The state of one evaluation: what is left of the budgets, the root, and the values of the free names. */
export class Run {
  id = ++runs;
  depth = 0;
  readonly root: unknown;
  readonly globals: readonly unknown[];
  /** Fields of the root that were read: generated source asks for each once, not once an expression. */
  readonly fields: unknown[];
  readonly #terms: Terms;
  readonly #steps: number;
  #left: number;
  #foreign: Set<object> | undefined;

  constructor(root: unknown, globals: readonly unknown[], terms: Terms, fields = NO_FIELDS) {
    this.#terms = terms;
    this.#steps = this.#terms.budgets.steps;
    this.#left = this.#steps;
    this.root = root;
    this.globals = globals;
    this.fields = fields;
  }

  /** Begins another evaluation on the same terms and input. */
  restart(): void {
    this.id = ++runs;
    this.depth = 0;
    this.#left = this.#steps;
  }

  get maxString(): number {
    return this.#terms.budgets.string;
  }

  get maxSequence(): number {
    return this.#terms.budgets.sequence;
  }

  get maxDepth(): number {
    return this.#terms.budgets.depth;
  }

  get maxOutput(): number {
    return this.#terms.budgets.output;
  }

  /** Pays for `steps` of work, before it is done where it can be large. */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) fail('BUDGET_STEPS');
  }

  /** Pays one step. */
  step(): void {
    if (--this.#left < 0) fail('BUDGET_STEPS');
  }

  /** Goes one call deeper. Errors end the evaluation, so only the good end needs `leave`. */
  enter(): void {
    if (--this.#left < 0) fail('BUDGET_STEPS');
    if (++this.depth > this.#terms.budgets.depth) fail('BUDGET_DEPTH');
  }

  leave(): void {
    this.depth--;
  }

  /** Checks and pays for a string of `length` characters, before or after it is made. */
  chars(length: number): void {
    if (length > this.maxString) fail('BUDGET_STRING');
    this.spend((length >>> 5) + 1);
  }

  /** Checks a string that was made, and hands it on. */
  text(made: string): string {
    if (made.length > 64) this.chars(made.length);
    return made;
  }

  /** Checks and pays for an array of `length` items, before it is made. */
  items(length: number): void {
    if (length > this.maxSequence) fail('BUDGET_SEQUENCE');
    this.spend(length);
  }

  /** Says whether `value` belongs to the caller: then nothing may write into it. */
  isForeign(value: object): boolean {
    if (this.#foreign === undefined) {
      this.#foreign = new Set();
      this.#collect(this.root);
      this.#collect(this.#terms.bindings);
    }
    return this.#foreign.has(value);
  }

  #collect(value: unknown): void {
    if (typeof value !== 'object' || value === null || this.#foreign?.has(value) !== false) return;
    this.enter();
    this.#foreign.add(value);
    for (const member of Object.values(value)) this.#collect(member);
    this.leave();
  }

  /** The time that the caller gave. */
  now(): number {
    const now = this.#terms.chance?.now;
    if (now === undefined) fail('REFUSED_CLOCK');
    return now;
  }

  random(): number {
    const random = this.#terms.chance?.random;
    if (random === undefined) fail('REFUSED_RANDOM');
    return random();
  }
}
