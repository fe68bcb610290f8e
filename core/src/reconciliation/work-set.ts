import type { ClaimedRecord, Claims } from '../model/claims.js';
import type { LinkRow } from '../correlation/tables.js';
import type { Decision } from '../correlation/partition-types.js';
import type { SourceRecordRow } from '../sources/tables.js';
import type { Directory } from '../tenancy/directories.js';
import type { ConflictRow, GuardHoldRow, OverrideRow, UserState } from '../population/tables.js';

/** One source record of a user kind, with all that a pass knows of it. */
export interface WorkRecord {
  row: SourceRecordRow;
  directory: Directory;
  claims: Claims;
  /** Claims as they were stored before this pass; null: there were none. */
  storedClaims: Claims | null;
  /** What the stored claims were made of; null: there are none. */
  stored: { payloadNo: number; mappingVersion: string } | null;
  /** The mapping that made the claims; null while there are none. */
  mappingVersion: string | null;
  claimsPayloadNo: number;
  keys: Readonly<Record<string, string | null>>;
  link: LinkRow | null;
  /** True: this pass draws its consequences and clears its mark. */
  seed: boolean;
  /** True: its claims were made anew in this pass. */
  mapped: boolean;
  /** Where the payload stands that the claims were made of, where this pass made them. */
  position: { file: string | null; line: number | null } | null;
  /** True: a guard holds its absence, it counts as present. */
  held: boolean;
  /** Marks that changed at once: the id may have been given to somebody else. Its claims stay as they were. */
  reused: string[];
  /** Holds on the record itself: its absence (attribute empty), or the user that it would bring (`creation`). */
  holds: GuardHoldRow[];
}

/** A closed set of records and users, with everything that decides about them. */
export interface WorkSet {
  records: Map<string, WorkRecord>;
  /** Seeds of kind group: one record, one group, never correlated. */
  groupRecords: WorkRecord[];
  /** Share a probable key with a record of the set; nothing of theirs changes. */
  bystanders: Map<string, WorkRecord>;
  keyCounts: { rule: string; key: string; records: number }[];
  decisions: Decision[];
  users: Map<string, UserState>;
  /** By the user for whom they were set. */
  overrides: Map<string, OverrideRow[]>;
  /** Into whom those were merged earlier who have overrides, each step of the way. */
  mergeSteps: ReadonlyMap<string, string>;
  holds: Map<string, GuardHoldRow[]>;
  conflicts: Map<string, ConflictRow[]>;
  due: Map<string, string>;
}

/** The record as correlation and resolution see it. */
export function claimedRecord(record: WorkRecord, claims: Claims = record.claims): ClaimedRecord {
  const { row } = record;
  return {
    recordId: row.id,
    directory: record.directory.name,
    sourceId: row.source_id,
    gone:
      row.gone_begin === null || record.held
        ? null
        : { reason: (row.gone_reason ?? 'absent') as 'absent', at: row.gone_at ?? row.first_seen_at },
    retired: record.directory.mode === 'retired',
    claims,
  };
}

/** True while the record counts as there. */
export function isPresent(record: WorkRecord): boolean {
  return record.row.gone_begin === null || record.held;
}
