import type { Json } from '../model/json.js';
import { rawRows, upsertRows, type Sql } from '../store/table.js';
import { CURSOR, type CursorRow } from './fast-tables.js';

/** The stream of changes of one kind of a directory. */
export interface StreamPlace {
  tenantId: string;
  directoryId: string;
  kind: string;
}

/** The fast lane owns the cursor: no other lane moves it. */
const LANE = 'fast';

const keyOf = ({ tenantId, directoryId, kind }: StreamPlace): Omit<CursorRow, 'cursor' | 'stored_at'> => ({
  tenant_id: tenantId,
  directory_id: directoryId,
  lane: LANE,
  kind,
});

/** Stands where a stream broke off: the next whole read says from where it goes on. */
const BROKEN = 'null';

/** The cursors of a directory, by kind; null where the stream broke off. */
export async function readCursors(sql: Sql, tenantId: string, directoryId: string): Promise<Map<string, Json>> {
  const rows = (await sql('cursor').where({
    tenant_id: tenantId,
    directory_id: directoryId,
    lane: LANE,
  })) as CursorRow[];
  return new Map(rows.map((row) => [row.kind, JSON.parse(row.cursor) as Json]));
}

/** Moves a cursor, in the transaction that keeps the evidence before it. */
export function moveCursor(sql: Sql, place: StreamPlace, cursor: Json, at: string): Promise<void> {
  return upsertRows(sql, CURSOR, [{ ...keyOf(place), cursor: JSON.stringify(cursor), stored_at: at }]);
}

/** A whole read's cursor is taken where there is none, or the stream broke off: one that goes on is never set back. */
export async function beginCursor(sql: Sql, place: StreamPlace, cursor: Json, at: string): Promise<void> {
  const { tenant_id, directory_id, lane, kind } = keyOf(place);
  await rawRows(
    sql,
    `INSERT INTO cursor (tenant_id, directory_id, lane, kind, cursor, stored_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (tenant_id, directory_id, lane, kind) DO UPDATE
     SET cursor = excluded.cursor, stored_at = excluded.stored_at WHERE cursor.cursor = '${BROKEN}' RETURNING kind`,
    [tenant_id, directory_id, lane, kind, JSON.stringify(cursor), at],
  );
}

/** Forgets a cursor that the source does not know any more. */
export function dropCursor(sql: Sql, place: StreamPlace, at: string): Promise<void> {
  return upsertRows(sql, CURSOR, [{ ...keyOf(place), cursor: BROKEN, stored_at: at }]);
}
