import type { DueDocument, RunDocument, RunOutcome } from '../model/documents.js';

/** The order in which exit codes win (contract.md). */
const ORDER = [78, 1, 69, 75, 130, 143, 3, 4, 2, 0] as const;

/** What an outcome stands for; `failed` and `interrupted` where nothing more is known of the reason. */
const CODE_OF: Readonly<Record<Exclude<RunOutcome, 'finished'>, number>> = {
  held: 3,
  partial: 3,
  stopped: 1,
  failed: 1,
  busy: 75,
  interrupted: 130,
  skipped: 0,
  superseded: 0,
};

/** The exit code of one run. */
export function exitCodeOfRun({ outcome, records }: RunDocument, errorExit: number | null): number {
  if (outcome === 'finished') return records.quarantined > 0 ? 4 : 0;
  if (outcome === 'failed' || outcome === 'interrupted') return errorExit ?? CODE_OF[outcome];
  return CODE_OF[outcome];
}

/** The first that occurs. */
export function worstExit(codes: readonly number[]): number {
  return ORDER.find((code) => codes.includes(code)) ?? 0;
}

/** What is due by date, held by a guard, waits for a person as well. */
export function exitCodeOfDue(due: Pick<DueDocument, 'held'>): number {
  return due.held.length > 0 ? 3 : 0;
}
