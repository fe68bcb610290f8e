import type { Json } from './json.js';

/** Name of a canonical attribute as the catalogue spells it: `department`, `name.givenName`, `custom.costCenter`. */
export type AttributeName = string;

/** Why an attribute of a record is unknown. `column` is a vanished column: its doubt speaks for it, no guard, no review. */
export interface UnknownCause {
  code: `RC_${string}`;
  message: string;
  mend: string;
  /** Line of the attribute in the mapping text. */
  line?: number;
  because: 'expression' | 'schema' | 'column';
}

/**
 * What one record claims of one attribute. `value` null is a claim: "it is empty". A claim that is not there at all
 * says nothing. With `unknown` the value is the last good one; where there was none, `value` is undefined.
 */
export interface Claim {
  value?: Json;
  unknown?: { since: string; cause: UnknownCause };
}

/** All claims of one source record. */
export type Claims = Readonly<Record<AttributeName, Claim>>;

/** Why and when a source record went. */
export interface Departed {
  /** `absent`, `removed_at_source`, or another reason of the closed list. */
  reason: InactiveReason;
  /** ISO instant at which the read that proved it was committed. */
  at: string;
}

/** One source record as correlation and resolution see it. */
export interface ClaimedRecord {
  recordId: string;
  /** Name of the directory, as rules spell it. */
  directory: string;
  sourceId: string;
  /** Null while the record is present (or held by a guard as if it were). */
  gone: Departed | null;
  /** The directory was retired: its claims speak below every present one. */
  retired: boolean;
  /**
   * ISO instant of what is freshest: the record's own last evidence or the last complete read of its kind. Only a rule's
   * `maxAge` reads it; without it the record counts as fresh.
   */
  freshAt?: string;
  claims: Claims;
}

/** The closed list of reasons for inactivity (contract.md). */
export const INACTIVE_REASONS = [
  'pre_hire',
  'terminated',
  'contract_ended',
  'hire_rescinded',
  'suspended',
  'disabled',
  'removed_at_source',
  'absent',
  'out_of_scope',
  'no_record',
  'no_source',
  'directory_retired',
  'merged',
  'erased',
  'override',
] as const;

/** A reason of the closed list. */
export type InactiveReason = (typeof INACTIVE_REASONS)[number];

/** True for a reason of the closed list. */
export function isInactiveReason(value: unknown): value is InactiveReason {
  return typeof value === 'string' && (INACTIVE_REASONS as readonly string[]).includes(value);
}
