import type { RunOutcome } from '../model/documents.js';

/** `full` of a directory; `clock` of a tenant: dates that have come and what `apply` asked to be done again. */
export type TierName = 'full' | 'clock';

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
  /** When the tenant is due by the clock; null: not, or another tier. */
  readonly clockAt: string | null;
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
