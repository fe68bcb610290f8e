import type { AttributeName, ClaimedRecord, InactiveReason } from './claims.js';
import type { Json } from './json.js';
import type { OverrideClaim, Rules } from './rules.js';

/** What one directory (or employment, or a person) says on `active`. */
export interface Vote {
  by: 'directory' | 'employment' | 'override';
  directory: string | null;
  recordId: string | null;
  vote: 'allow' | 'deny' | 'abstain';
  reason: InactiveReason | null;
  /** Free text beside the reason, such as the mapped status reason that is not in the closed list. */
  detail: string | null;
  /** What the record claims: true, false, null; the employment status for employment. */
  value: Json | undefined;
}

/** Who won an attribute. `path` is the rule's place in the rules document, such as `attributes.department` or `priority`. */
export interface Winner {
  by: 'directory' | 'employment' | 'override' | 'hold' | 'none';
  directory: string | null;
  recordId: string | null;
  overrideId: string | null;
}

/** The resolved value of one attribute with where it comes from. */
export interface ResolvedAttribute {
  /** null: empty by somebody's claim. */
  value: Json;
  state: 'known' | 'unknown';
  winner: Winner;
  rule: { path: string; strategy: 'priority' | 'union' | 'vote' };
  /** Set on `active` when the value is false. */
  reason: InactiveReason | null;
  detail: string | null;
  /** On `active`: the instant that caused it where that is not the commit (end of endDate, 00:00 of a date). ISO. */
  effectiveAt: string | null;
}

/** What another listed directory says of the attribute, for explain. */
export interface OtherClaim {
  by: 'directory' | 'employment';
  directory: string | null;
  recordId: string | null;
  value: Json | undefined;
  vote: 'allow' | 'deny' | 'abstain' | null;
}

/** A disagreement between listed directories on one attribute. */
export interface ConflictCandidate {
  attribute: AttributeName;
  /** The winning value. */
  value: Json;
  rulePath: string;
  claims: readonly { directory: string; recordId: string; value: Json; wins: boolean }[];
}

/** Everything that decides one user's attributes. Pure data: no clock, no store. */
export interface ResolutionInput {
  /** All records linked to the user, directories in draft or shadow left out. */
  records: readonly ClaimedRecord[];
  rules: Rules;
  /** Names of live directories, and of retired ones. `retiredDenyAt` (ISO): when a `deny` begins; without it, at once. */
  directories: Readonly<
    Record<string, { mode: 'live' | 'retired'; retiredVote?: 'keep' | 'deny'; retiredDenyAt?: string }>
  >;
  overrides: readonly OverrideClaim[];
  /** Attributes pinned by a guard or a rejection, with the value they keep (undefined: keep "no value"). */
  holds: Readonly<
    Record<AttributeName, { value: Json | undefined; reason: InactiveReason | null; detail: string | null }>
  >;
  /** ISO instant as of which dates are judged. */
  now: string;
  /** IANA zone of the tenant. */
  timeZone: string;
}

/** The answer: attributes by catalogue name (`groups` is no attribute of it). */
export interface Resolution {
  attributes: Readonly<Record<AttributeName, ResolvedAttribute>>;
  /** Attributes whose shown value is a last good one. */
  unknown: readonly AttributeName[];
  conflicts: readonly ConflictCandidate[];
  votes: readonly Vote[];
  /** The next instant at which the answer may change by itself; null: never. */
  dueAt: string | null;
}
