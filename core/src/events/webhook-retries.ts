const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long an event waits after its first, second, … failure; from the last one on each time so long. As in Standard Webhooks 1.0.0. */
const RETRIES_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  DAY_MS,
];
/** How long an endpoint is left alone after its first, second, … fault in a row. */
const RESTS_MS = [5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS];
/** Nobody may ask us to wait longer. */
const LONGEST_REST_MS = DAY_MS;

/** An endpoint is disabled when one event could not be delivered for so long. */
export const PATIENCE_MS = 5 * DAY_MS;
/** With so many events failing nothing new is sent. */
export const MOST_FAILING = 100;
/** From so many faults in a row on an endpoint counts as having been away: what failed meanwhile is due when it is back. */
export const AWAY_AFTER = 3;

/** @param random - from 0 to 1: a tenth to either side, so that many do not come back at once. */
export function retryMs(attempts: number, random: number): number {
  return spread(at(RETRIES_MS, attempts), random);
}

/** @param retryAfterMs - what the endpoint asked for; null: nothing. */
export function restMs(faults: number, random: number, retryAfterMs: number | null): number {
  return Math.max(spread(at(RESTS_MS, faults), random), Math.min(retryAfterMs ?? 0, LONGEST_REST_MS));
}

/** `Retry-After` as it is written, in seconds or as a date; null where it cannot be read. */
export function retryAfterMs(text: string | null, now: Date): number | null {
  const written = text?.trim() ?? '';
  if (/^\d{1,9}$/.test(written)) return Number(written) * SECOND_MS;
  const date = /^[A-Z][a-z]{2,}, /.test(written) ? Date.parse(written) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(date - now.getTime(), 0);
}

function at(steps: readonly number[], count: number): number {
  return steps[Math.min(Math.max(count, 1), steps.length) - 1] ?? 0;
}

function spread(ms: number, random: number): number {
  return Math.round(ms * (0.9 + 0.2 * random));
}
