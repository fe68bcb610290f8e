import type { CorrelationRule } from '../model/rules.js';

/**
 * Why a record hangs on its user: it brought the user, a sure key, an approved probable key, a person's decision, a SCIM
 * bond, or nothing any more but that it always did.
 */
export type LinkHow = 'created' | 'sure' | 'probable' | 'person' | 'scim' | 'sticky';

/** A record's bond to a user. `rule` is the correlation rule's name where `how` is `sure` or `probable`. */
export interface Link {
  userId: string;
  how: LinkHow;
  rule: string | null;
}

/** One record as the partition sees it. */
export interface PartitionRecord {
  recordId: string;
  directory: string;
  present: boolean;
  /** Its directory may bring users into being (`lifecycle.create`). */
  canCreate: boolean;
  /** Null: never linked. */
  link: Link | null;
  /** By rule name, as `matchKeys` makes them. */
  keys: Readonly<Record<string, string | null>>;
}

/** A person's (or SCIM's) word on two records. Of several about one pair the one with the greatest id counts. */
export interface Decision {
  id: string;
  kind: 'together' | 'apart';
  /** Record ids. */
  a: string;
  b: string;
  /** Default: person. */
  by?: 'person' | 'scim';
}

/**
 * What decides who is one person. `records` is a closed set: start with the changed records; add every record (present or
 * gone, of directories that are neither draft nor shadow) that shares a sure key with one of the set, every record linked
 * to a user of one of the set, every record that a decision names beside one of the set; repeat until nothing is added.
 * A key of more than ten holders need not be followed: then `keyCounts` says how many there are.
 */
export interface PartitionInput {
  records: readonly PartitionRecord[];
  /** Records outside the set that share a probable key with one of it: only compared, their links are taken as they are. */
  bystanders?: readonly PartitionRecord[];
  /** In order. */
  rules: readonly CorrelationRule[];
  decisions: readonly Decision[];
  /** Every user that a record of the set is linked to. */
  users: readonly { userId: string; createdAt: string }[];
  keyCounts?: readonly { rule: string; key: string; records: number }[];
}

/** Why a record belongs to nobody. */
export type UnlinkedReason = 'noCreator' | 'voidKey' | 'refused' | 'gone';

/** Where a record belongs. `new`: one user per label; the label is the id of the record that brings the user. */
export type Destination =
  { kind: 'user'; userId: string } | { kind: 'new'; label: string } | { kind: 'unlinked'; reason: UnlinkedReason };

/** The answer for one record of the set. */
export interface Target {
  recordId: string;
  to: Destination;
  /** Null for unlinked. */
  how: LinkHow | null;
  rule: string | null;
  /** Differs from the link that was handed in. */
  changed: boolean;
}

/** Users found to be one; the oldest survives. */
export interface Merge {
  survivor: string;
  losers: readonly string[];
}

/** One of those who may be one person: a user, a user to be (label), or records that belong to nobody (both null). */
export interface ReviewSide {
  userId: string | null;
  label: string | null;
  recordIds: readonly string[];
}

/**
 * A doubt that a person decides. Approving means `together` for the first records of the sides, rejecting `apart` for the
 * first records of every two sides; either way the doubt is not produced again.
 */
export interface PartitionReview {
  kind: 'correlation' | 'keyChanged';
  because: 'probable' | 'voidKey' | 'refused' | 'keyChanged';
  rule: string | null;
  /** Identifies the doubt from one partition to the next: opened once, closed when no longer produced. */
  subject: string;
  sides: readonly ReviewSide[];
}

/** A key that too many hold, or a placeholder, so that it is none. */
export interface PartitionFinding {
  finding: 'tooCommonKey';
  rule: string;
  key: string;
  records: number;
}

/** The partition of the set; every list sorted, so that equal input in any order gives equal output. */
export interface PartitionResult {
  targets: readonly Target[];
  merges: readonly Merge[];
  reviews: readonly PartitionReview[];
  findings: readonly PartitionFinding[];
}
