import type { ErrorBody } from '@rollcall/core';
import { errorBody, isRollcallError } from '@rollcall/core/errors';
import { oclifProblem } from './oclif-problem.js';
import { isUsageError, type UsageError } from './usage-error.js';

/** What a failed command answers with `--json`. */
export interface ErrorDocument {
  format: 'rollcall.error/1';
  exitCode: number;
  error: ErrorBody;
  errors?: ErrorBody[];
}

const STOP_SIGNALS: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143 };

/** Turns whatever a command threw into its document. `commandName` is what was typed, such as `users list`. */
export function errorDocument(thrown: unknown, commandName: string | null): ErrorDocument {
  if (isRollcallError(thrown)) {
    const errors = thrown.errors.map((each) => errorBody(each));
    const document: ErrorDocument = {
      format: 'rollcall.error/1',
      exitCode: thrown.exitCode === 0 ? 1 : thrown.exitCode,
      error: errorBody(thrown),
    };
    return errors.length > 1 ? { ...document, errors } : document;
  }
  const usage = isUsageError(thrown) ? thrown : oclifProblem(thrown, commandName);
  return usage === null ? (interruptionDocument(thrown) ?? unexpectedDocument(thrown)) : usageDocument(usage);
}

function usageDocument({ exitCode, code, message, mend }: UsageError): ErrorDocument {
  return { format: 'rollcall.error/1', exitCode, error: { code, message, where: {}, mend } };
}

/** Whatever ends because of the abort throws its reason, or an `AbortError`. */
function interruptionDocument(thrown: unknown): ErrorDocument | null {
  const isAbort = thrown instanceof Error && thrown.name === 'AbortError';
  const reason = isAbort ? thrown.cause : thrown;
  const exitCode = (typeof reason === 'string' ? STOP_SIGNALS[reason] : undefined) ?? (isAbort ? 130 : undefined);
  if (exitCode === undefined) return null;
  const error: ErrorBody = {
    code: 'RC_INTERRUPTED',
    message: exitCode === 143 ? 'Stopped by SIGTERM.' : 'Stopped by Ctrl-C.',
    where: {},
    mend: 'Run the command again: it goes on where this one stopped.',
  };
  return { format: 'rollcall.error/1', exitCode, error };
}

function unexpectedDocument(thrown: unknown): ErrorDocument {
  return { format: 'rollcall.error/1', exitCode: 1, error: errorBody(thrown) };
}
