import { SOURCE_RECORD, type SourceRecordRow } from '../sources/tables.js';
import { cell, jsonRows, rawRows, type Sql } from '../store/table.js';
import { BATCH, type NextSeeds } from './consequence-pass.js';
import type { TenantContext } from './tenant-context.js';

const COLUMNS = SOURCE_RECORD.columns.map((column) => `"${column}"`).join(', ');

/** Records of a directory with the mark of one of the runs of a list. */
function marked(sql: Sql): string {
  return `FROM source_record WHERE tenant_id = ? AND directory_id = ? AND dirty IS NOT NULL
    AND dirty IN (SELECT ${cell(sql, 0)} FROM ${jsonRows(sql)})`;
}

const listOf = (runIds: readonly string[]): string => JSON.stringify(runIds.map((id) => [id]));

/**
 * Takes the records that these runs marked, groups before users, so that whoever is in a new group finds it. A dry walk
 * goes through once; else what is marked is taken until nothing is.
 */
export function recordsMarkedBy(
  context: TenantContext,
  directoryId: string,
  runIds: readonly string[],
  dry: boolean,
): NextSeeds {
  let last: Pick<SourceRecordRow, 'kind' | 'no'> = { kind: '', no: 0 };
  return async (sql) => {
    const { kind, no } = dry ? last : { kind: '', no: 0 };
    const rows = await rawRows<SourceRecordRow>(
      sql,
      `SELECT ${COLUMNS} ${marked(sql)} AND (kind > ? OR (kind = ? AND no > ?)) ORDER BY kind, no LIMIT ${BATCH}`,
      [context.tenantId, directoryId, listOf(runIds), kind, kind, no],
    );
    last = rows.at(-1) ?? last;
    return rows.length === 0 ? null : { records: rows, users: [] };
  };
}

/** A run of pushes whose marks nobody took. */
export interface LeftBehind {
  tenantId: string;
  directoryId: string;
  runId: string;
}

/** Runs of pushes to live directories that began before an instant and whose marks still stand: their process died. */
export function leftBehind(sql: Sql, before: string): Promise<LeftBehind[]> {
  return rawRows(
    sql,
    `SELECT DISTINCT s.tenant_id AS "tenantId", s.directory_id AS "directoryId", s.dirty AS "runId"
     FROM directory AS d
     JOIN source_record AS s ON s.tenant_id = d.tenant_id AND s.directory_id = d.id AND s.dirty IS NOT NULL
     JOIN run AS r ON r.tenant_id = s.tenant_id AND r.id = s.dirty
     WHERE d.mode = 'live' AND d.paused = 0 AND d.last_push_at IS NOT NULL AND r.trigger = 'push' AND r.started_at < ?`,
    [before],
  );
}

/** True while records carry the mark of one of these runs. */
export async function hasMarksOf(
  sql: Sql,
  tenantId: string,
  directoryId: string,
  runIds: readonly string[],
): Promise<boolean> {
  const bindings = [tenantId, directoryId, listOf(runIds)];
  return (await rawRows(sql, `SELECT id ${marked(sql)} LIMIT 1`, bindings)).length > 0;
}
