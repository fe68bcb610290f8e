import type { DueDocument, RunDocument } from '../model/documents.js';

/** The order in which exit codes win (contract.md). */
const ORDER = [78, 1, 69, 75, 130, 143, 3, 4, 2, 0] as const;

/** The exit code of one run. */
export function exitCodeOfRun(run: RunDocument, errorExit: number | null): number {
  switch (run.outcome) {
    case 'held':
    case 'partial':
      return 3;
    case 'stopped':
      return 1;
    case 'failed':
      return errorExit ?? 1;
    case 'busy':
      return 75;
    case 'interrupted':
      return errorExit ?? 130;
    case 'skipped':
    case 'superseded':
      return 0;
    case 'finished':
      return run.records.quarantined > 0 ? 4 : 0;
  }
}

/** The first that occurs. */
export function worstExit(codes: readonly number[]): number {
  return ORDER.find((code) => codes.includes(code)) ?? 0;
}

/** What is due by date, held by a guard, waits for a person as well. */
export function exitCodeOfDue(due: Pick<DueDocument, 'held'>): number {
  return due.held.length > 0 ? 3 : 0;
}
