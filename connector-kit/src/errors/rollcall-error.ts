const BRAND = Symbol.for('rollcall.error');

/** Where something went wrong. Never carries a secret or a personal value beyond ids and file places. */
export interface ErrorPlace {
  tenant?: string;
  directory?: string;
  kind?: string;
  sourceId?: string;
  attribute?: string;
  file?: string;
  line?: number;
  column?: number;
  record?: string;
}

/** What the engine does next: `stop` and tell, `retry` later, `resync` from scratch, `quarantine` the record, `ask` a person. */
export type NextStep = 'stop' | 'retry' | 'resync' | 'quarantine' | 'ask';

/** What an error is made of. */
export interface ErrorParts {
  /** What happened, in one sentence. */
  what: string;
  /** Where it happened; only the keys that apply. */
  where?: ErrorPlace;
  /** What to do about it, as an imperative sentence. */
  mend: string;
  /** Further keys that the error document shows, such as `candidates`. */
  extra?: Readonly<Record<string, unknown>>;
  /** Several findings of one kind, shown as `errors`. */
  errors?: readonly RollcallError[];
  cause?: unknown;
}

/** A code that reads as words; never renamed, never reused; documented in docs/reference/errors.md. */
export type ErrorCode = `RC_${string}`;

/**
 * The one base of all errors that Rollcall throws on purpose: what, where, how to mend it, what the engine does next.
 *
 * Check with `isRollcallError`, not with `instanceof`: a project may hold two copies of this package.
 */
export class RollcallError extends Error {
  readonly [BRAND] = true;
  readonly code: ErrorCode;
  /** The process exit code of contract.md that this error leads to when nothing outranks it. */
  readonly exitCode: number;
  readonly next: NextStep;
  readonly where: ErrorPlace;
  readonly mend: string;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly errors: readonly RollcallError[];

  constructor(code: ErrorCode, exitCode: number, next: NextStep, parts: ErrorParts) {
    super(parts.what, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = 'RollcallError';
    this.code = code;
    this.exitCode = exitCode;
    this.next = next;
    this.where = parts.where ?? {};
    this.mend = parts.mend;
    this.extra = parts.extra ?? {};
    this.errors = parts.errors ?? [];
  }
}

/** True for an error of Rollcall, whichever copy of the package made it. */
export function isRollcallError(error: unknown): error is RollcallError {
  return typeof error === 'object' && error !== null && (error as { [BRAND]?: unknown })[BRAND] === true;
}
