import type { PartitionResult } from '../correlation/partition-types.js';
import type { AttributeChange, Cause } from '../history/tables.js';
import type { ConflictCandidate, Resolution } from '../model/resolution.js';
import type {
  ConflictRow,
  GroupRecordRow,
  GuardHoldRow,
  GroupRow,
  MembershipRow,
  UserState,
} from '../population/tables.js';
import type { EdgeRow } from '../sources/tables.js';
import type { WorkRecord, WorkSet } from './work-set.js';

/** The user event of one change, by strength; `user.provenance` where no value changed. */
export type UserChangeKind =
  | 'user.merged'
  | 'user.created'
  | 'user.activated'
  | 'user.reactivated'
  | 'user.deactivated'
  | 'user.updated'
  | 'user.provenance';

/** What becomes of one user. */
export interface UserEffect {
  before: UserState | null;
  after: UserState;
  kind: UserChangeKind;
  changeId: string;
  changes: AttributeChange[];
  cause: Cause;
  resolution: Resolution | null;
  /** The user's records after the pass. */
  records: WorkRecord[];
}

export interface LinkEffect {
  record: WorkRecord;
  userId: string | null;
  how: string;
  rule: string | null;
}

export interface ConflictEffect {
  userId: string;
  attribute: string;
  before: ConflictRow | null;
  /** Null: it closes. */
  candidate: ConflictCandidate | null;
}

export interface MembershipEffect {
  group: GroupRow;
  userId: string;
  /** The open row that closes; null: one opens. */
  closes: MembershipRow | null;
  cause: Cause;
}

/** An unknown that begins or ends, by record and attribute. */
export interface UnknownStatusEffect {
  record: WorkRecord;
  userId: string | null;
  attributes: string[];
}

/** Everything that one batch leads to. Pure data: drawing it writes nothing. */
export interface Effects {
  set: WorkSet;
  users: UserEffect[];
  links: LinkEffect[];
  conflicts: ConflictEffect[];
  groups: {
    group: GroupRow;
    record: GroupRecordRow;
    kind: 'group.created' | 'group.updated' | 'group.removed';
    isNew: boolean;
  }[];
  edges: EdgeRow[];
  memberships: MembershipEffect[];
  /** The groups of every drawn user after the pass. */
  groupsOf: Map<string, GroupRow[]>;
  /** Next instants by user; null: none any more. */
  due: Map<string, string | null>;
  partition: PartitionResult;
  /** Holds whose candidate and value agree again. */
  endedHolds: GuardHoldRow[];
  /** Records that a person has to look at because a deciding attribute became unknown. */
  unknownStatus: UnknownStatusEffect[];
}
