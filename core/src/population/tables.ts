import type { AttributeName, InactiveReason } from '../model/claims.js';
import type { Json } from '../model/json.js';
import type { Winner } from '../model/resolution.js';
import { table } from '../store/table.js';

/** Where a value of a user comes from, as stored beside it (JSON of `user.provenance`). */
export interface Provenance {
  winner: Winner;
  rulePath: string;
  strategy: 'priority' | 'union' | 'vote';
}

export interface UserRow {
  tenant_id: string;
  id: string;
  /** JSON `Record<AttributeName, Json>`: values that are not empty, by catalogue name, `active` included. */
  attributes: string;
  /** JSON `StoredProvenance`. */
  provenance: string;
  /** JSON array of attributes whose last good value is kept. */
  unknown: string;
  active: number;
  reason: string | null;
  detail: string | null;
  inactive_at: string | null;
  effective_at: string | null;
  inactive_change_id: string | null;
  first_active_at: string | null;
  version: number;
  merged_into: string | null;
  /** The record that brought the user. */
  brought_by: string;
  user_name_key: string | null;
  employee_number_key: string | null;
  email_key: string | null;
  created_at: string;
}

/** A user as the pipeline works with it. */
export interface UserState {
  id: string;
  attributes: Readonly<Record<AttributeName, Json>>;
  provenance: Readonly<Record<AttributeName, Provenance>>;
  unknown: readonly AttributeName[];
  active: boolean;
  inactive: {
    reason: InactiveReason;
    detail: string | null;
    at: string;
    effectiveAt: string | null;
    changeId: string;
  } | null;
  /** When the user was active for the first time; null: never yet. */
  firstActiveAt: string | null;
  version: number;
  mergedInto: string | null;
  broughtBy: string;
  createdAt: string;
}

export const USER = table<UserRow>(
  'user',
  {
    tenant_id: 'text',
    id: 'text',
    attributes: 'text',
    provenance: 'text',
    unknown: 'text',
    active: 'int',
    reason: 'text',
    detail: 'text',
    inactive_at: 'text',
    effective_at: 'text',
    inactive_change_id: 'text',
    first_active_at: 'text',
    version: 'int',
    merged_into: 'text',
    brought_by: 'text',
    user_name_key: 'text',
    employee_number_key: 'text',
    email_key: 'text',
    created_at: 'text',
  },
  ['tenant_id', 'id'],
);

export interface GroupRow {
  tenant_id: string;
  id: string;
  directory_id: string;
  display_name: string;
  removed: number;
  version: number;
  created_at: string;
}

export const GROUP = table<GroupRow>(
  'group',
  {
    tenant_id: 'text',
    id: 'text',
    directory_id: 'text',
    display_name: 'text',
    removed: 'int',
    version: 'int',
    created_at: 'text',
  },
  ['tenant_id', 'id'],
);

export interface GroupRecordRow {
  tenant_id: string;
  directory_id: string;
  group_source_id: string;
  group_id: string;
  /** Null for a group known by name only. */
  record_id: string | null;
}

export const GROUP_RECORD = table<GroupRecordRow>(
  'group_record',
  { tenant_id: 'text', directory_id: 'text', group_source_id: 'text', group_id: 'text', record_id: 'text' },
  ['tenant_id', 'directory_id', 'group_source_id'],
);

export interface MembershipRow {
  tenant_id: string;
  group_id: string;
  user_id: string;
  from_sequence: number;
  from_at: string;
  from_cause: string;
  to_sequence: number | null;
  to_at: string | null;
  to_cause: string | null;
}

export const MEMBERSHIP = table<MembershipRow>(
  'membership',
  {
    tenant_id: 'text',
    group_id: 'text',
    user_id: 'text',
    from_sequence: 'int',
    from_at: 'text',
    from_cause: 'text',
    to_sequence: 'int',
    to_at: 'text',
    to_cause: 'text',
  },
  ['tenant_id', 'group_id', 'user_id', 'from_sequence'],
);

export interface ReferenceRow {
  tenant_id: string;
  record_id: string;
  attribute: string;
  directory_id: string;
  by: string;
  value: string;
  target_user_id: string | null;
}

export const REFERENCE = table<ReferenceRow>(
  'reference',
  {
    tenant_id: 'text',
    record_id: 'text',
    attribute: 'text',
    directory_id: 'text',
    by: 'text',
    value: 'text',
    target_user_id: 'text',
  },
  ['tenant_id', 'record_id', 'attribute'],
);

export interface ConflictRow {
  tenant_id: string;
  id: string;
  user_id: string;
  attribute: string;
  status: string;
  /** JSON. */
  value: string;
  /** JSON `{directory, recordId, sourceId, value, wins}[]`. */
  claims: string;
  rule_path: string;
  rules_version: number;
  opened_at: string;
  updated_at: string;
  closed_at: string | null;
}

export const CONFLICT = table<ConflictRow>(
  'conflict',
  {
    tenant_id: 'text',
    id: 'text',
    user_id: 'text',
    attribute: 'text',
    status: 'text',
    value: 'text',
    claims: 'text',
    rule_path: 'text',
    rules_version: 'int',
    opened_at: 'text',
    updated_at: 'text',
    closed_at: 'text',
  },
  ['tenant_id', 'id'],
);

export interface OverrideRow {
  tenant_id: string;
  id: string;
  user_id: string;
  attribute: string;
  /** JSON. */
  value: string;
  reason: string;
  until: string;
  set_by: string;
  set_at: string;
  ended_at: string | null;
  ended_reason: string | null;
}

export const OVERRIDE = table<OverrideRow>(
  'override',
  {
    tenant_id: 'text',
    id: 'text',
    user_id: 'text',
    attribute: 'text',
    value: 'text',
    reason: 'text',
    until: 'text',
    set_by: 'text',
    set_at: 'text',
    ended_at: 'text',
    ended_reason: 'text',
  },
  ['tenant_id', 'id'],
);

export interface ReviewRow {
  tenant_id: string;
  id: string;
  kind: string;
  status: string;
  /** What keeps one open review of its kind per matter. */
  subject: string;
  guard: string | null;
  doubt: string | null;
  directory_id: string | null;
  run_id: string | null;
  opened_at: string;
  counts: string;
  sample: string;
  detail: string;
  plan_hash: string;
  decided_by: string | null;
  decided_at: string | null;
  reason: string | null;
}

export const REVIEW = table<ReviewRow>(
  'review',
  {
    tenant_id: 'text',
    id: 'text',
    kind: 'text',
    status: 'text',
    subject: 'text',
    guard: 'text',
    doubt: 'text',
    directory_id: 'text',
    run_id: 'text',
    opened_at: 'text',
    counts: 'text',
    sample: 'text',
    detail: 'text',
    plan_hash: 'text',
    decided_by: 'text',
    decided_at: 'text',
    reason: 'text',
  },
  ['tenant_id', 'id'],
);

export interface GuardHoldRow {
  tenant_id: string;
  review_id: string;
  /** A record id (`absences`), else a user id. */
  subject: string;
  /** Empty for `absences`; `group:<id>` for `privilegedRemovals`. */
  attribute: string;
  directory_id: string;
  /** JSON of what stays. */
  pinned: string;
  /** JSON of what would be. */
  candidate: string;
  ended_at: string | null;
}

export const GUARD_HOLD = table<GuardHoldRow>(
  'guard_hold',
  {
    tenant_id: 'text',
    review_id: 'text',
    subject: 'text',
    attribute: 'text',
    directory_id: 'text',
    pinned: 'text',
    candidate: 'text',
    ended_at: 'text',
  },
  ['tenant_id', 'review_id', 'subject', 'attribute'],
);
