import type { ClaimedRecord } from '../model/claims.js';
import type { Winner } from '../model/resolution.js';

/** A guard or a rejection pins the value. */
export const HELD: Winner = { by: 'hold', directory: null, recordId: null, overrideId: null };
/** Nobody allowed and nobody denied. */
export const NOBODY: Winner = { by: 'none', directory: null, recordId: null, overrideId: null };

/** A source record's claim won. */
export function wonBy({ directory, recordId }: Pick<ClaimedRecord, 'directory' | 'recordId'>): Winner {
  return { by: 'directory', directory, recordId, overrideId: null };
}

/** A person's override won. */
export function overriddenBy(overrideId: string): Winner {
  return { by: 'override', directory: null, recordId: null, overrideId };
}
