import type { DirectoryDocument } from '../api.js';
import { shownInstant } from '../model/instants.js';
import { rawRows, type Sql } from '../store/table.js';
import { listDirectories as directoriesOf } from '../tenancy/directories.js';

interface RecordCount {
  directory_id: string;
  present: number | string | null;
  gone: number | string | null;
}

interface LastRun {
  directory_id: string;
  id: string;
  outcome: string;
  started_at: string;
  ended_at: string | null;
}

/** The directories of a tenant in the order of its file: five statements, however many there are. */
export async function listDirectories(sql: Sql, tenantId: string): Promise<DirectoryDocument[]> {
  const rows = await directoriesOf(sql, tenantId);
  const records = new Map((await countRecords(sql, tenantId)).map((row) => [row.directory_id, row]));
  const runs = new Map((await lastRuns(sql, tenantId)).map((row) => [row.directory_id, row]));
  const reviews = new Map((await countReviews(sql, tenantId)).map((row) => [row.directory_id, Number(row.open)]));
  const pushes = new Map((await lastPushes(sql, tenantId)).map((row) => [row.id, row.last_push_at]));
  return rows.map((row) => ({
    id: row.id,
    tenant: tenantId,
    directory: row.name,
    connector: row.connector,
    mode: row.mode,
    paused: row.paused,
    records: { present: Number(records.get(row.id)?.present ?? 0), gone: Number(records.get(row.id)?.gone ?? 0) },
    lastRun: lastRunDocument(runs.get(row.id)),
    lastPushAt: shownOrNull(pushes.get(row.id) ?? null),
    openReviews: reviews.get(row.id) ?? 0,
  }));
}

const shownOrNull = (stored: string | null): string | null => (stored === null ? null : shownInstant(stored));

function lastPushes(sql: Sql, tenantId: string): Promise<{ id: string; last_push_at: string | null }[]> {
  return rawRows(sql, 'SELECT id, last_push_at FROM directory WHERE tenant_id = ?', [tenantId]);
}

function lastRunDocument(run: LastRun | undefined): DirectoryDocument['lastRun'] {
  if (run === undefined) return null;
  return { runId: run.id, outcome: run.outcome, at: shownInstant(run.ended_at ?? run.started_at) };
}

function countRecords(sql: Sql, tenantId: string): Promise<RecordCount[]> {
  return rawRows(
    sql,
    `SELECT directory_id, SUM(CASE WHEN gone_begin IS NULL THEN 1 ELSE 0 END) AS present,
        SUM(CASE WHEN gone_begin IS NULL THEN 0 ELSE 1 END) AS gone
      FROM source_record WHERE tenant_id = ? GROUP BY directory_id`,
    [tenantId],
  );
}

function lastRuns(sql: Sql, tenantId: string): Promise<LastRun[]> {
  return rawRows(
    sql,
    `SELECT directory_id, id, outcome, started_at, ended_at FROM (
        SELECT directory_id, id, outcome, started_at, ended_at,
          ROW_NUMBER() OVER (PARTITION BY directory_id ORDER BY started_at DESC, id DESC) AS place
        FROM run WHERE tenant_id = ? AND directory_id IS NOT NULL) AS latest
      WHERE place = 1`,
    [tenantId],
  );
}

function countReviews(sql: Sql, tenantId: string): Promise<{ directory_id: string; open: number | string }[]> {
  return rawRows(
    sql,
    `SELECT directory_id, COUNT(*) AS open FROM review
      WHERE tenant_id = ? AND status = 'open' AND directory_id IS NOT NULL GROUP BY directory_id`,
    [tenantId],
  );
}
