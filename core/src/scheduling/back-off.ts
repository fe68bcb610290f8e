const MINUTE_MS = 60_000;
const LONGEST_MS = 60 * MINUTE_MS;

/** Errors that do not pass by themselves: who has to act needs hours, and a locked account is worse than a late one. */
const NEEDS_SOMEBODY = new Set([
  'RC_AUTHENTICATION_FAILED',
  'RC_PERMISSION_MISSING',
  'RC_HOST_KEY_MISMATCH',
  'RC_SETTINGS_INVALID',
]);

/**
 * How long a directory that failed is left alone: a minute, doubled with each failure in a row, an hour at most; an hour
 * at once where somebody has to act; never shorter than the source asked for.
 */
export function backOffMs(failure: { failures: number; code: string | null; retryAfterMs: number | null }): number {
  const { failures, code, retryAfterMs } = failure;
  const doubled = code !== null && NEEDS_SOMEBODY.has(code) ? LONGEST_MS : MINUTE_MS * 2 ** Math.min(failures - 1, 6);
  return Math.max(Math.min(doubled, LONGEST_MS), retryAfterMs ?? 0);
}
