import type { ClaimedRecord } from '../model/claims.js';
import type { Json } from '../model/json.js';

/** Linked records of one user, by directory, each directory's best record first. */
export type RecordsByDirectory = ReadonlyMap<string, readonly ClaimedRecord[]>;

const ACTIVE_RANK = 0;
const TERMINATED_RANK = 3;
/** A record that does not say where it stands ranks last: its silence must not cover a twin's termination. */
const SILENT_RANK = 4;
const STATUS_RANKS: ReadonlyMap<Json | undefined, number> = new Map([
  ['active', ACTIVE_RANK],
  ['on_leave', 1],
  ['pre_hire', 2],
  ['terminated', TERMINATED_RANK],
]);

/** Groups a user's records by directory; within one the best record comes first, whatever the order they came in. */
export function recordsByDirectory(records: readonly ClaimedRecord[]): RecordsByDirectory {
  const grouped = new Map<string, ClaimedRecord[]>();
  for (const record of records) {
    const twins = grouped.get(record.directory);
    if (twins === undefined) grouped.set(record.directory, [record]);
    else twins.push(record);
  }
  for (const twins of grouped.values()) if (twins.length > 1) twins.sort(compareRecords);
  return grouped;
}

/** Present before gone, then by where the record says it stands, then the latest start, then the smallest source id. */
function compareRecords(a: ClaimedRecord, b: ClaimedRecord): number {
  return (
    Number(a.gone !== null) - Number(b.gone !== null) ||
    standing(a) - standing(b) ||
    compareTexts(startDate(b), startDate(a)) ||
    compareTexts(a.sourceId, b.sourceId)
  );
}

function standing(record: ClaimedRecord): number {
  const byStatus = STATUS_RANKS.get(record.claims['employment.status']?.value);
  if (byStatus !== undefined) return byStatus;
  const active = record.claims.active?.value;
  if (active === true) return ACTIVE_RANK;
  return active === false ? TERMINATED_RANK : SILENT_RANK;
}

function startDate(record: ClaimedRecord): string {
  const date = record.claims['employment.startDate']?.value;
  return typeof date === 'string' ? date : '';
}

/** By code unit and not by locale: the same on every machine. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
