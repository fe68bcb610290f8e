import { deleteRows, rawRows, selectRows, updateRows, upsertRows, type Sql } from '../store/table.js';
import { WANTED_READ, type WantedReadRow } from './fast-tables.js';

/** Why an object is read by itself: its source told of it, or what was read of it proves no order. */
export type WantedReason = 'notification' | 'verify';

/** What is wanted of a directory. Kind and id empty: its stream of changes. */
export interface Wanted {
  kind: string;
  sourceId: string;
}

/** Stands for whatever the stream of changes has. */
export const THE_STREAM: Wanted = { kind: '', sourceId: '' };

/** Whose reads are wanted. */
export interface WantedPlace {
  tenantId: string;
  directoryId: string;
  reason: WantedReason;
  /** ISO instant. */
  at: string;
}

/** Asks for reads. Who is asked for already is asked for once more: a read that is under way does not do for it. */
export async function wantReads(sql: Sql, place: WantedPlace, wanted: readonly Wanted[]): Promise<void> {
  const scope = { tenant_id: place.tenantId, directory_id: place.directoryId };
  const unique = [...new Map(wanted.map((entry) => [`${entry.kind}\n${entry.sourceId}`, entry])).values()];
  const there = await selectRows(
    sql,
    WANTED_READ,
    scope,
    ['kind', 'source_id'],
    unique.map(({ kind, sourceId }) => [kind, sourceId]),
  );
  const askedOf = new Map(there.map((row) => [`${row.kind}\n${row.source_id}`, row]));
  const rows = unique.map(({ kind, sourceId }) => {
    const before = askedOf.get(`${kind}\n${sourceId}`);
    return {
      ...scope,
      kind,
      source_id: sourceId,
      asked: (before?.asked ?? 0) + 1,
      tries: before?.tries ?? 0,
      reason: place.reason,
      asked_at: place.at,
    };
  });
  await upsertRows(sql, WANTED_READ, rows, ['asked', 'reason', 'asked_at']);
}

/** What is wanted of a directory: who could not be read comes last, then whoever waits longest comes first. */
export function listWanted(sql: Sql, tenantId: string, directoryId: string, limit: number): Promise<WantedReadRow[]> {
  return rawRows(
    sql,
    `SELECT * FROM wanted_read WHERE tenant_id = ? AND directory_id = ?
     ORDER BY tries, asked_at, kind, source_id LIMIT ?`,
    [tenantId, directoryId, limit],
  );
}

/** Takes what was read off the list, unless it was asked for once more meanwhile. */
export async function settleWanted(sql: Sql, row: WantedReadRow): Promise<void> {
  const { tenant_id, directory_id, kind, source_id, asked } = row;
  await sql('wanted_read').where({ tenant_id, directory_id, kind, source_id, asked }).delete();
}

/** Takes all that is wanted off the list: a whole read that is asked for instead brings it. */
export async function forgetWanted(sql: Sql, rows: readonly WantedReadRow[]): Promise<void> {
  await deleteRows(sql, WANTED_READ, rows);
}

/** Could not be read: others come first from now on. */
export function noteTry(sql: Sql, row: WantedReadRow): Promise<void> {
  return updateRows(sql, WANTED_READ, ['tries'], [{ ...row, tries: row.tries + 1 }]);
}

/** True while something is wanted of a directory. */
export async function wantsAny(sql: Sql, tenantId: string, directoryId: string): Promise<boolean> {
  return (await listWanted(sql, tenantId, directoryId, 1)).length > 0;
}
