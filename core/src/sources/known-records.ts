import { cell, isSqlite, jsonRows, rawRows, selectRows, type Sql } from '../store/table.js';
import type { ReadState } from './read-state.js';
import { SOURCE_RECORD, type SourceRecordRow } from './tables.js';

/** What one batched look-up says of one id that is stored. */
export interface Known {
  /** Place in the list that was asked for. */
  n: number;
  /** Its record's number where it is present with this very hash, else `NEWS`. */
  no: number;
}

/** Instead of a record's number: stored, but not the same. */
const NEWS = -1;

/**
 * The one statement that an unchanged batch costs: which ids are stored, and which of them are the same. It answers one
 * row with two lists: a row an id would cost more than the look-up.
 */
export async function lookUp(
  sql: Sql,
  state: ReadState,
  ids: readonly (readonly [string, string])[],
): Promise<Known[]> {
  if (ids.length === 0) return [];
  const sqlite = isSqlite(sql);
  const list = sqlite ? 'json_group_array' : 'json_agg';
  const place = sqlite ? 'j.key' : 'j.key::integer';
  const condition = `r.tenant_id = ? AND r.directory_id = ? AND r.kind = ? AND r.source_id = ${cell(sql, 0)}`;
  const text =
    `SELECT ${list}(${place}) AS places, ` +
    `${list}(CASE WHEN r.hash = ${cell(sql, 1)} AND r.gone_begin IS NULL THEN r.no ELSE ${NEWS} END) AS numbers ` +
    `FROM ${jsonRows(sql)} ${sqlite ? 'CROSS JOIN' : 'JOIN'} source_record AS r ${sqlite ? 'WHERE' : 'ON'} ${condition}`;
  const rows = await rawRows<Record<'places' | 'numbers', string | number[] | null>>(sql, text, [
    JSON.stringify(ids),
    state.tenantId,
    state.directoryId,
    state.kind,
  ]);
  const places = listed(rows[0]?.places ?? null);
  const numbers = listed(rows[0]?.numbers ?? null);
  return places.map((n, at) => ({ n, no: numbers[at] ?? NEWS }));
}

function listed(answer: string | number[] | null): number[] {
  return typeof answer === 'string' ? (JSON.parse(answer) as number[]) : (answer ?? []);
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
