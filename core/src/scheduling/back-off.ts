const MINUTE_MS = 60_000;
const LONGEST_MS = 60 * MINUTE_MS;

/**
 * How long a directory that failed is left alone: a minute, doubled with each failure in a row, an hour at most; an hour
 * at once where a person has to act, for a locked account is worse than a late one; never shorter than the source asked
 * for.
 */
export function backOffMs(failure: { failures: number; needsPerson: boolean; retryAfterMs: number | null }): number {
  const { failures, needsPerson, retryAfterMs } = failure;
  const doubled = needsPerson ? LONGEST_MS : MINUTE_MS * 2 ** Math.min(failures - 1, 6);
  return Math.max(Math.min(doubled, LONGEST_MS), retryAfterMs ?? 0);
}
