import { cell, isSqlite, jsonRows, rawRows, selectRows, type Sql } from '../store/table.js';
import type { ReadState } from './read-state.js';
import { SOURCE_RECORD, type SourceRecordRow } from './tables.js';

/** What one batched look-up says of one id that is stored. */
export interface Known {
  /** Place in the list that was asked for. */
  n: number;
  no: number;
  /** 1: present with this very hash. */
  same: number;
}

/** The one statement that an unchanged batch costs: which ids are stored, and which of them are the same. */
export async function lookUp(
  sql: Sql,
  state: ReadState,
  ids: readonly (readonly [string, string])[],
): Promise<Known[]> {
  if (ids.length === 0) return [];
  const join = isSqlite(sql) ? 'CROSS JOIN' : 'JOIN';
  const condition = `r.tenant_id = ? AND r.directory_id = ? AND r.kind = ? AND r.source_id = ${cell(sql, 0)}`;
  const text =
    `SELECT j.key AS n, r.no AS no, CASE WHEN r.hash = ${cell(sql, 1)} AND r.gone_begin IS NULL THEN 1 ELSE 0 END AS same ` +
    `FROM ${jsonRows(sql)} ${join} source_record AS r ${isSqlite(sql) ? 'WHERE' : 'ON'} ${condition}`;
  const rows = await rawRows<{ n: number | string; no: number; same: number }>(sql, text, [
    JSON.stringify(ids),
    state.tenantId,
    state.directoryId,
    state.kind,
  ]);
  return rows.map((row) => ({ n: Number(row.n), no: row.no, same: row.same }));
}

/** The whole rows of the ids, by source id. */
export async function findRecords(
  sql: Sql,
  tenantId: string,
  directoryId: string,
  kind: string,
  sourceIds: readonly string[],
): Promise<Map<string, SourceRecordRow>> {
  const rows = await selectRows(
    sql,
    SOURCE_RECORD,
    { tenant_id: tenantId, directory_id: directoryId, kind },
    ['source_id'],
    sourceIds.map((id) => [id]),
  );
  return new Map(rows.map((row) => [row.source_id, row]));
}

/** How many records of the kind are present. */
export async function countPresent(sql: Sql, tenantId: string, directoryId: string, kind: string): Promise<number> {
  const rows = await rawRows<{ n: number | string }>(
    sql,
    'SELECT count(*) AS n FROM source_record WHERE tenant_id = ? AND directory_id = ? AND kind = ? AND gone_begin IS NULL',
    [tenantId, directoryId, kind],
  );
  return Number(rows[0]?.n ?? 0);
}
