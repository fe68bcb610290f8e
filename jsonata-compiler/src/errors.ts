import { describeCode } from './messages.js';

/** What an error knows besides its code; `position` counts characters of the expression's text, as JSONata does. */
export interface ErrorDetail {
  position?: number | undefined;
  token?: unknown;
  index?: number | undefined;
  /** Text that the expression's author wrote for `$error` and `$assert`, or the name of the function that failed. */
  text?: string | undefined;
}

const BRAND = Symbol.for('rollcall.jsonata-compiler.error');

/**
 * What an expression ends with when it has no value.
 *
 * `code` is JSONata's own (`S…`, `T…`, `D…`) where the interpreter has one, else a word of this package (`BUDGET_…`,
 * `REFUSED_…`): never renamed, never reused. Neither the message nor a field carries a value of the record, except
 * the text that an author hands to `$error` and `$assert`, which is cut at 200 characters.
 */
export class JsonataError extends Error {
  override readonly name = 'JsonataError';
  readonly code: string;
  position: number | undefined;
  token: unknown;
  readonly index: number | undefined;
  readonly text: string | undefined;
  readonly [BRAND] = true;

  constructor(code: string, detail: ErrorDetail = {}, cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause });
    this.code = code;
    this.position = detail.position;
    this.token = detail.token;
    this.index = detail.index;
    this.text = detail.text;
  }

  /** Writes the message once position and token are final. */
  finish(): this {
    this.message = describeCode(this.code, this);
    return this;
  }
}

/** Says whether `error` comes from this package; two copies of the package still meet. */
export function isJsonataError(error: unknown): error is JsonataError {
  return typeof error === 'object' && error !== null && BRAND in error;
}

/** Ends the evaluation with `code`. */
export function fail(code: string, detail?: ErrorDetail): never {
  throw new JsonataError(code, detail);
}
