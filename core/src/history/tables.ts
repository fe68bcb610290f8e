import type { Provenance } from '../population/tables.js';
import type { AttributeName, InactiveReason } from '../model/claims.js';
import type { Json } from '../model/json.js';
import { table } from '../store/table.js';

/** Why a change happened: the whole cause, as stored in `change.cause`. */
export interface Cause {
  runId: string;
  trigger: string;
  directory: string | null;
  /** The record that led to it: of that directory, the one that changed. */
  sourceId: string | null;
  mappingVersion: string | null;
  rulesVersion: number;
  override: string | null;
  review: string | null;
}

/** One attribute of a change. `from` or `to` null: no value. */
export interface AttributeChange {
  attribute: AttributeName;
  from: Json;
  to: Json;
  /** `value`: consumers see it; `provenance`: another directory, record, rule path, vote or reason under the same value. */
  kind: 'value' | 'provenance';
  /** Where the new value comes from; null where there is none any more. */
  provenance: Provenance | null;
  /** On `active` when it is false now. */
  reason: InactiveReason | null;
  detail: string | null;
  effectiveAt: string | null;
  /** True where the attribute's last good value is kept. */
  unknown: boolean;
}

/** What `change.attributes` holds, beside the attributes, for a user. */
export interface ChangeRow {
  tenant_id: string;
  id: string;
  subject_kind: string;
  subject_id: string;
  version: number;
  at: string;
  /** `user.created` …: the user event of the change; `user.provenance` where no value changed. */
  kind: string;
  /** The text of `AttributeChange[]`, as `stored-changes.ts` writes it. */
  attributes: string;
  /** JSON `Cause`. */
  cause: string;
}

export const CHANGE = table<ChangeRow>(
  'change',
  {
    tenant_id: 'text',
    id: 'text',
    subject_kind: 'text',
    subject_id: 'text',
    version: 'int',
    at: 'text',
    kind: 'text',
    attributes: 'text',
    cause: 'text',
  },
  ['tenant_id', 'id'],
);

export interface FindingRow {
  tenant_id: string;
  id: string;
  name: string;
  subject: string;
  detail: string;
  first_at: string;
  last_at: string;
  count: number;
  closed_at: string | null;
}

export const FINDING = table<FindingRow>(
  'finding',
  {
    tenant_id: 'text',
    id: 'text',
    name: 'text',
    subject: 'text',
    detail: 'text',
    first_at: 'text',
    last_at: 'text',
    count: 'int',
    closed_at: 'text',
  },
  ['tenant_id', 'id'],
);
