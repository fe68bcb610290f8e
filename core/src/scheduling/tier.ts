import type { RunOutcome } from '../model/documents.js';

/**
 * Of a directory: `full`, all of it; `delta`, its stream of changes; `notification`, what its source told of; `push`, which
 * only shows how long ago a source that pushes did. Of a tenant: `clock`, dates that have come and what `apply` asked to be
 * done again.
 */
export type TierName = 'full' | 'delta' | 'notification' | 'push' | 'clock';

/** Which tier of what. */
export interface TierKey {
  readonly tenantId: string;
  /** Empty for `clock`. */
  readonly directoryId: string;
  readonly tier: TierName;
}

/** A tier that ought to run by itself. */
export interface WantedTier extends TierKey {
  /** As written in the tenant file, or the default. */
  readonly schedule: string;
  readonly timeZone: string;
  /** When `clock` or `notification` is due by what stands in the store; null: not, or another tier. */
  readonly dueAt: string | null;
  /** The last push, of `push`; null: none, or another tier. */
  readonly pushedAt: string | null;
}

/** A tier that is due. */
export interface DueTier extends TierKey {
  readonly nextAt: string;
}

/** How a run of a tier went. */
export interface TierResult {
  readonly outcome: RunOutcome;
  /** True when everything was read: only then the answer is fresh. */
  readonly complete: boolean;
  /** Code of the error; null: none. */
  readonly code: string | null;
  /** True where trying again is no use before a person acts. */
  readonly needsPerson: boolean;
  readonly retryAfterMs: number | null;
}
