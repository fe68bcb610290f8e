import { deleteRows, rawRows, upsertRows, type Sql } from '../store/table.js';
import type { StreamPlace } from './cursors.js';
import { DRIFT_CANDIDATE, type DriftCandidateRow } from './fast-tables.js';
import type { AppliedRecord } from './page-writing.js';

/**
 * Remembers what a whole read found in a kind whose changes a stream brings. It may have changed a moment ago: whether the
 * stream should have brought it shows when the stream is read next.
 */
export function noteDriftCandidates(
  sql: Sql,
  { tenantId, directoryId, kind, runId, begin }: StreamPlace & { runId: string; begin: number },
  found: readonly AppliedRecord[],
): Promise<void> {
  return upsertRows(
    sql,
    DRIFT_CANDIDATE,
    found.map(({ sourceId, what }) => ({
      tenant_id: tenantId,
      directory_id: directoryId,
      kind,
      source_id: sourceId,
      what,
      run_id: runId,
      begin,
    })),
  );
}

/** The stream, or a read of the object by itself, brought them: no drift. */
export function clearDriftCandidates(
  sql: Sql,
  { tenantId, directoryId, kind }: StreamPlace,
  sourceIds: readonly string[],
): Promise<void> {
  const place = { tenant_id: tenantId, directory_id: directoryId, kind };
  return deleteRows(
    sql,
    DRIFT_CANDIDATE,
    sourceIds.map((id) => ({ ...place, source_id: id })),
  );
}

/** Candidates looked at in one go. */
const PAGE = 500;

/** Forgets all candidates of a kind: where the stream broke off nobody knows what it would have brought. */
export async function forgetDriftCandidates(sql: Sql, { tenantId, directoryId, kind }: StreamPlace): Promise<void> {
  await sql('drift_candidate').where({ tenant_id: tenantId, directory_id: directoryId, kind }).delete();
}

/** What a stream should have brought and did not. */
export interface Drifted {
  /** By the run that found it. */
  byRun: Map<string, number>;
  sample: { kind: string; sourceId: string; what: string; runId: string }[];
}

const SAMPLE = 20;

/**
 * Takes the candidates that are left after the stream was read to its end from a begin later than theirs: they are drift.
 *
 * @param begin - of the first request of that read.
 */
export async function takeDrifted(
  sql: Sql,
  { tenantId, directoryId, kind }: StreamPlace,
  begin: number,
): Promise<Drifted> {
  const drifted: Drifted = { byRun: new Map(), sample: [] };
  for (;;) {
    const rows = await rawRows<DriftCandidateRow>(
      sql,
      `SELECT * FROM drift_candidate WHERE tenant_id = ? AND directory_id = ? AND kind = ? AND begin < ?
       ORDER BY source_id LIMIT ${PAGE}`,
      [tenantId, directoryId, kind, begin],
    );
    for (const row of rows) {
      drifted.byRun.set(row.run_id, (drifted.byRun.get(row.run_id) ?? 0) + 1);
      if (drifted.sample.length < SAMPLE)
        drifted.sample.push({ kind, sourceId: row.source_id, what: row.what, runId: row.run_id });
    }
    await deleteRows(sql, DRIFT_CANDIDATE, rows);
    if (rows.length < PAGE) return drifted;
  }
}
