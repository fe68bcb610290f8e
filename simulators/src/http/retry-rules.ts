import type { WireAnswer } from './exchange.js';

/** When a provider sends a request again. */
export interface RetryRule {
  /** How often a request is sent in all. */
  readonly attempts: number;
  /** First wait after 429 without a usable Retry-After; doubles each time. */
  readonly rateLimitedMs: number;
  /** First wait after a 5xx; doubles each time. */
  readonly failedMs: number;
  /** First wait after a broken connection or a timeout; doubles each time. */
  readonly brokenMs: number;
}

const second = 1_000;
const minute = 60 * second;

/** Okta's documentation gives the 429 rule: Retry-After, else five minutes, doubling, ten attempts. The rest is unverified. */
export const oktaRetries: RetryRule = {
  attempts: 10,
  rateLimitedMs: 5 * minute,
  failedMs: 5 * minute,
  brokenMs: second,
};

/** Entra tries again in the next cycle, some 40 minutes later, with back-off. How often is unverified. */
export const entraRetries: RetryRule = {
  attempts: 10,
  rateLimitedMs: 40 * minute,
  failedMs: 40 * minute,
  brokenMs: second,
};

/** JumpCloud, OneLogin and Rippling publish no rule. */
export const unpublishedRetries: RetryRule = {
  attempts: 6,
  rateLimitedMs: minute,
  failedMs: minute,
  brokenMs: second,
};

export function isWorthRepeating(status: number): boolean {
  return status === 429 || (status >= 500 && status !== 501);
}

/**
 * How long to wait before the request is sent again.
 *
 * @param answer - `undefined` when the connection broke.
 * @param sent - how often the request was sent so far, 1 or more.
 * @returns milliseconds.
 */
export function waitBefore(rule: RetryRule, answer: WireAnswer | undefined, sent: number): number {
  const doubled = 2 ** (sent - 1);
  if (answer === undefined) return rule.brokenMs * doubled;
  const retryAfter = answer.headers['retry-after'];
  // Okta ignores an HTTP date, so only whole seconds count.
  if (answer.status === 429 && retryAfter !== undefined && /^\d+$/.test(retryAfter)) return Number(retryAfter) * second;
  return (answer.status === 429 ? rule.rateLimitedMs : rule.failedMs) * doubled;
}
