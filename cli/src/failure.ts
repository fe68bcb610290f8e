import { isRollcallError, nearestName, type ErrorBody, type ErrorPlace } from '@rollcall/core';
import { oclifProblem } from './oclif-problem.js';
import { isUsageError } from './usage-error.js';

/** What a failed command answers with `--json`. */
export interface ErrorDocument {
  format: 'rollcall.error/1';
  exitCode: number;
  error: ErrorBody;
  errors?: ErrorBody[];
}

/** The parts of an error that a document shows; a part of `RollcallError`. */
interface Explained {
  code: string;
  message: string;
  where: ErrorPlace;
  mend: string;
  extra: Readonly<Record<string, unknown>>;
}

function bodyOf({ code, message, where, mend, extra }: Explained): ErrorBody {
  return { code, message, where: { ...where }, mend, ...extra };
}

/** Turns whatever a command threw into its document. `commandName` is what was typed, such as `users list`. */
export function errorDocument(thrown: unknown, commandName: string | null): ErrorDocument {
  const problem = oclifProblem(thrown, commandName, nearestName);
  const error = problem ?? thrown;
  if (isRollcallError(error)) {
    const errors = error.errors.map(bodyOf);
    const document: ErrorDocument = { format: 'rollcall.error/1', exitCode: error.exitCode, error: bodyOf(error) };
    return errors.length > 1 ? { ...document, errors } : document;
  }
  if (isUsageError(error)) return simple(error.exitCode, error.code, error.message, error.mend);
  const stopped = interruptionOf(error);
  if (stopped !== null) {
    return simple(
      stopped.exitCode,
      'RC_INTERRUPTED',
      stopped.message,
      'Run the command again: it goes on where this one stopped.',
    );
  }
  return simple(
    1,
    'RC_UNEXPECTED',
    `Something went wrong inside Rollcall: ${messageOf(error)}`,
    'Run it again with ROLLCALL_DEBUG=1 and report what it prints. Nothing of the running batch was kept.',
  );
}

function simple(exitCode: number, code: string, message: string, mend: string): ErrorDocument {
  return { format: 'rollcall.error/1', exitCode, error: { code, message, where: {}, mend } };
}

function interruptionOf(error: unknown): { exitCode: number; message: string } | null {
  if (!(error instanceof Error) || error.name !== 'AbortError') return null;
  const { exitCode } = error as { exitCode?: unknown };
  return { exitCode: typeof exitCode === 'number' ? exitCode : 130, message: error.message };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
