import { settleFindings } from '../history/findings.js';
import type { DirectoryFreshness } from '../model/documents.js';
import { shownInstant } from '../model/instants.js';
import { intervalOf, parseSchedule } from '../scheduling/schedule.js';
import { TIER_STATE, type TierStateRow } from '../scheduling/tables.js';
import { updateRows, type Sql } from '../store/table.js';
import type { IdSource } from '../tokens.js';
import { appendDrafts } from './append-drafts.js';

/** After so many intervals without a read to the end somebody is told. */
const PATIENCE = 3;
/** After so many runs that found what a source should have told of, without a word from it, its channel counts as down. */
const MISSED = 3;

/** True while the latest read to the end is too long ago, a source that pushes is silent, or one that tells of changes is. */
export function isStale(row: TierStateRow, now: Date): boolean {
  if (row.tier === 'notification') return row.missed >= MISSED;
  const interval = row.schedule === '' ? null : intervalOf(parseSchedule(row.schedule));
  const patience = row.tier === 'push' ? 1 : PATIENCE;
  return interval !== null && now.getTime() - Date.parse(row.fresh_at ?? row.since) > patience * interval;
}

/** True where an alarm begins or ends. */
export function hasTurned(row: TierStateRow, now: Date): boolean {
  return isStale(row, now) !== (row.stale_since !== null);
}

/**
 * Raises the alarm for tiers that grew stale and ends it for those that are fresh again: a finding and an event each, of
 * one tenant, in the caller's transaction.
 */
export async function judgeFreshness(
  sql: Sql,
  { tenantId, ids, now, names }: { tenantId: string; ids: IdSource; now: Date; names: ReadonlyMap<string, string> },
  rows: readonly TierStateRow[],
): Promise<void> {
  const at = now.toISOString();
  const turned = rows.filter((row) => hasTurned(row, now));
  if (turned.length === 0) return;
  const documents = new Map(
    turned.map((row) => [
      `${names.get(row.directory_id) ?? row.directory_id}/${row.tier}`,
      { row, stale: isStale(row, now) },
    ]),
  );
  await updateRows(
    sql,
    TIER_STATE,
    ['stale_since'],
    [...documents.values()].map(({ row, stale }) => ({ ...row, stale_since: stale ? at : null })),
  );
  const documentOf = (subject: string): DirectoryFreshness | null => {
    const entry = documents.get(subject);
    if (entry === undefined) return null;
    const { row } = entry;
    return {
      directory: names.get(row.directory_id) ?? row.directory_id,
      tier: row.tier,
      schedule: row.schedule,
      freshAt: row.fresh_at === null ? null : shownInstant(row.fresh_at),
      failures: row.failures,
      code: row.last_code,
    };
  };
  await settleFindings(sql, {
    tenantId,
    name: 'staleDirectory',
    subjects: [...documents.keys()],
    judge: (subject) => (documents.get(subject)?.stale === true ? { ...documentOf(subject) } : null),
    now: at,
    newId: () => ids.next('fnd'),
  });
  await appendDrafts(
    sql,
    { tenantId, ids },
    [...documents].map(([subject, { row, stale }]) => ({
      type: stale ? 'directory.stale' : 'directory.fresh',
      subject: { kind: 'directory', id: row.directory_id },
      changeId: null,
      changed: [row.tier],
      data: { ...documentOf(subject) },
    })),
    at,
  );
}
