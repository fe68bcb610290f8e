import { RollcallError, type ErrorCode, type ErrorPlace } from '@rollcall/connector-kit';

/** Something that a check found in a file that a person wrote. Errors fail the check, warnings do not. */
export interface Finding {
  severity: 'error' | 'warning';
  code: ErrorCode;
  message: string;
  where: ErrorPlace;
  mend: string;
}

/** The error of a file that a person wrote: the process ends with 78, nothing was changed. */
export function fileError(
  code: ErrorCode,
  what: string,
  where: ErrorPlace,
  mend: string,
  cause?: unknown,
): RollcallError {
  return new RollcallError(code, 78, 'stop', { what, where, mend, ...(cause === undefined ? {} : { cause }) });
}

/** Throws all errors as one, the first one speaking; returns where there are none. */
export function throwAll(errors: readonly RollcallError[]): void {
  const [first, ...others] = errors;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  throw new RollcallError(first.code, first.exitCode, first.next, {
    what: first.message,
    where: first.where,
    mend: first.mend,
    extra: first.extra,
    errors,
    cause: first.cause,
  });
}

/** The single errors that `throwAll` joined. */
export function singleErrors(error: RollcallError): readonly RollcallError[] {
  return error.errors.length === 0 ? [error] : error.errors;
}

/** An error as a finding of a check. */
export function findingOf(error: RollcallError): Finding {
  return { severity: 'error', code: error.code, message: error.message, where: error.where, mend: error.mend };
}
