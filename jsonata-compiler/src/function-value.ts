import type { Run } from './run.js';

/** The body of a function: gets the (validated) arguments, the context it was called in and the running evaluation. */
export type Invoke = (args: readonly unknown[], input: unknown, run: Run) => unknown;

/**
 * Everything that JSONata can call. Being one is being an instance: all state is private, so that no key of a record
 * can pass for a function and no look-up can read into one.
 */
export abstract class FunctionValue {
  readonly #isDefinition: boolean;
  #run = 0;
  #token: unknown;
  #position: number | undefined;

  constructor(isDefinition = true) {
    this.#isDefinition = isDefinition;
  }

  /** How many arguments it takes; higher-order functions pass no more. */
  abstract get arity(): number;

  /** Validates the arguments and calls; may return a tail call for `apply` to continue. */
  abstract invoke(args: readonly unknown[], input: unknown, run: Run): unknown;

  /** False for what the interpreter holds as a bare JavaScript function: it forgets where it was called from. */
  get isDefinition(): boolean {
    return this.#isDefinition;
  }

  /** Remembers the latest call site of this evaluation; errors are stamped with it. Built-ins outlive evaluations. */
  mark(runId: number, token: unknown, position: number | undefined): void {
    this.#run = runId;
    this.#token = token;
    this.#position = position;
  }

  tokenIn(runId: number): unknown {
    return this.#run === runId ? this.#token : undefined;
  }

  positionIn(runId: number): number | undefined {
    return this.#run === runId ? this.#position : undefined;
  }
}
