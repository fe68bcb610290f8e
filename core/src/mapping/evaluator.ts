import type { ErrorCode, Json, JsonObject } from '@rollcall/connector-kit';

/** A value that a table of a mapping can hold. */
export type TableValue = string | number | boolean | null;

/** The tables of a mapping by name; expressions see them as variables. */
export type Tables = Readonly<Record<string, Readonly<Record<string, TableValue>>>>;

/** Root fields that an expression may read; `all` where the expression looks at the record as a whole. */
export type Reads = ReadonlySet<string> | 'all';

/** One expression, ready to be evaluated. */
export interface Evaluated {
  readonly reads: Reads;
  /** The field's name where the expression is nothing but a field. */
  readonly field: string | null;
  /**
   * The value for one record: plain JSON, or undefined for "says nothing". The same record gives the same value.
   *
   * @throws {ExpressionFailure} also as a rejection.
   */
  evaluate(raw: JsonObject): Json | undefined | Promise<Json | undefined>;
}

/** The border behind which the engine stands. */
export interface Evaluator {
  /** @throws {ExpressionSyntaxError} */
  compile(text: string, tables: Tables): Evaluated;
}

/** An expression that can never be evaluated. */
export class ExpressionSyntaxError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly mend: string,
    /** The character of the expression at which it goes wrong. */
    readonly offset: number,
  ) {
    super(message);
    this.name = 'ExpressionSyntaxError';
  }
}

/** An expression that failed on one record. Its message never holds a value of the record. */
export class ExpressionFailure extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly mend: string,
  ) {
    super(message);
    this.name = 'ExpressionFailure';
  }
}
