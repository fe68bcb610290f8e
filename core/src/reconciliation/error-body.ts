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

/** The error of a run that was stopped. */
function interruptedBody(signal: AbortSignal, place: ErrorPlace): ErrorBody {
  return {
    code: 'RC_INTERRUPTED',
    message: stoppedBy(signal.reason),
    where: { ...place },
    mend: 'Run the command again: it goes on where this one stopped.',
  };
}

/** What stopped it: the name of a signal, the words of whoever aborted, or nothing that can be told. */
function stoppedBy(reason: unknown): string {
  if (reason === 'SIGINT') return 'Stopped by Ctrl-C.';
  if (reason === 'SIGTERM') return 'Stopped by SIGTERM.';
  const why = typeof reason === 'string' ? reason.trim() : '';
  return why === '' ? 'Stopped.' : `Stopped: ${why}${/[.!?]$/.test(why) ? '' : '.'}`;
}

/** True for what the abort itself made fail: its reason, an `AbortError`, or an error that has one as its cause. */
function isAbort(error: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  const seen = new Set<unknown>();
  for (let at = error; at !== undefined && !seen.has(at); at = at instanceof Error ? at.cause : undefined) {
    seen.add(at);
    if (at === signal.reason || (at instanceof Error && at.name === 'AbortError')) return true;
  }
  return false;
}

/** The error of a run that threw, as its document shows it. What went wrong while it was being stopped stays told. */
export function runErrorBody(error: unknown, signal: AbortSignal, place: ErrorPlace): ErrorBody {
  return isAbort(error, signal) ? interruptedBody(signal, place) : errorBody(error, place);
}

/** When a run that threw may be tried again. */
export interface RetryAdvice {
  /** Not before a person acts. */
  needsPerson: boolean;
  /** Not before so many milliseconds; null: the source asked for nothing. */
  retryAfterMs: number | null;
}

/** What the error says of another try: the kit's table of what happens next, and how long a source asks to wait. */
export function retryAdvice(error: unknown): RetryAdvice {
  if (!isRollcallError(error)) return { needsPerson: false, retryAfterMs: null };
  const wait = 'retryAfterMs' in error && typeof error.retryAfterMs === 'number' ? error.retryAfterMs : null;
  return { needsPerson: error.next === 'ask', retryAfterMs: wait };
}

/** How a run ends that threw, and with which exit code. */
export function failure(error: unknown, signal: AbortSignal): { outcome: RunOutcome; exitCode: number } {
  if (isAbort(error, signal)) return { outcome: 'interrupted', exitCode: signal.reason === 'SIGTERM' ? 143 : 130 };
  if (!isRollcallError(error)) return { outcome: 'failed', exitCode: 1 };
  if (error.code === 'RC_LEASE_LOST') return { outcome: 'superseded', exitCode: 0 };
  if (error.code === 'RC_GUARD_QUARANTINE') return { outcome: 'stopped', exitCode: 1 };
  return outcomeOf(error);
}

function outcomeOf(error: RollcallError): { outcome: RunOutcome; exitCode: number } {
  return { outcome: error.exitCode === 75 ? 'busy' : 'failed', exitCode: error.exitCode === 0 ? 1 : error.exitCode };
}
