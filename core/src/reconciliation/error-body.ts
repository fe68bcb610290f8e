import { isRollcallError, type ErrorPlace, type RollcallError } from '@rollcall/connector-kit';
import type { ErrorBody, RunOutcome } from '../model/documents.js';

/** An error as documents show it: code, message, place, remedy; never a stack. `place` is where it was caught. */
export function errorBody(error: unknown, place: ErrorPlace = {}): ErrorBody {
  if (!isRollcallError(error)) {
    return {
      code: 'RC_UNEXPECTED',
      message: error instanceof Error ? error.message : String(error),
      where: { ...place },
      mend: 'Run the command again with ROLLCALL_DEBUG=1 and report what it prints.',
    };
  }
  return {
    ...error.extra,
    code: error.code,
    message: error.message,
    where: { ...place, ...error.where },
    mend: error.mend,
  };
}

/** The error of a run that was stopped, whatever it was that the stop made fail. */
function interruptedBody(signal: AbortSignal, place: ErrorPlace): ErrorBody {
  return {
    code: 'RC_INTERRUPTED',
    message: signal.reason === 'SIGTERM' ? 'Stopped by SIGTERM.' : 'Stopped by Ctrl-C.',
    where: { ...place },
    mend: 'Run the command again: it goes on where this one stopped.',
  };
}

/** The error of a run that threw, as its document shows it. */
export function runErrorBody(error: unknown, signal: AbortSignal, place: ErrorPlace): ErrorBody {
  return signal.aborted ? interruptedBody(signal, place) : errorBody(error, place);
}

/** How a run ends that threw, and with which exit code. */
export function failure(error: unknown, signal: AbortSignal): { outcome: RunOutcome; exitCode: number } {
  if (signal.aborted) return { outcome: 'interrupted', exitCode: signal.reason === 'SIGTERM' ? 143 : 130 };
  if (!isRollcallError(error)) return { outcome: 'failed', exitCode: 1 };
  if (error.code === 'RC_LEASE_LOST') return { outcome: 'superseded', exitCode: 0 };
  if (error.code === 'RC_GUARD_QUARANTINE') return { outcome: 'stopped', exitCode: 1 };
  return outcomeOf(error);
}

function outcomeOf(error: RollcallError): { outcome: RunOutcome; exitCode: number } {
  return { outcome: error.exitCode === 75 ? 'busy' : 'failed', exitCode: error.exitCode === 0 ? 1 : error.exitCode };
}
