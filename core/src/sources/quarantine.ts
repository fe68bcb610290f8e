import { deleteRows, rawRows, selectRows, upsertRows, type Sql } from '../store/table.js';
import { QUARANTINE, type QuarantineRow } from './tables.js';

/** Puts rows into quarantine; who is there already keeps the time of the first sight and counts one more try. */
export async function putQuarantine(sql: Sql, rows: readonly QuarantineRow[]): Promise<void> {
  if (rows.length === 0) return;
  const scope = {
    tenant_id: rows[0]?.tenant_id ?? '',
    directory_id: rows[0]?.directory_id ?? '',
    kind: rows[0]?.kind ?? '',
  };
  const there = await selectRows(
    sql,
    QUARANTINE,
    scope,
    ['place', 'attribute'],
    rows.map((row) => [row.place, row.attribute]),
  );
  const byKey = new Map(there.map((row) => [`${row.place}\n${row.attribute}`, row]));
  await upsertRows(
    sql,
    QUARANTINE,
    rows.map((row) => {
      const before = byKey.get(`${row.place}\n${row.attribute}`);
      return before === undefined ? row : { ...row, first_seen_at: before.first_seen_at, tries: before.tries + 1 };
    }),
  );
}

/** Takes whole records out of quarantine, by source id: they could be read again. */
export async function forgetWholeRecords(
  sql: Sql,
  tenantId: string,
  directoryId: string,
  kind: string,
  sourceIds: readonly string[],
): Promise<void> {
  if (sourceIds.length === 0) return;
  const scope = { tenant_id: tenantId, directory_id: directoryId, kind, attribute: '' };
  const rows = await selectRows(
    sql,
    QUARANTINE,
    scope,
    ['source_id'],
    sourceIds.map((id) => [id]),
  );
  await deleteRows(sql, QUARANTINE, rows);
}

/** After a whole read: rows that it did not put there any more are over. */
export async function forgetOtherPlaces(
  sql: Sql,
  tenantId: string,
  directoryId: string,
  kind: string,
  kept: ReadonlySet<string>,
): Promise<void> {
  const rows = (await sql('quarantine').where({
    tenant_id: tenantId,
    directory_id: directoryId,
    kind,
    attribute: '',
  })) as QuarantineRow[];
  await deleteRows(
    sql,
    QUARANTINE,
    rows.filter((row) => !kept.has(row.place)),
  );
}

/** Counts the quarantined records of a directory; binds tenant and directory. */
export const QUARANTINED = 'SELECT count(DISTINCT place) AS n FROM quarantine WHERE tenant_id = ? AND directory_id = ?';

/** How many records of a directory are in quarantine or have an unknown attribute. */
export async function countQuarantined(sql: Sql, tenantId: string, directoryId: string): Promise<number> {
  const rows = await rawRows<{ n: number | string }>(sql, QUARANTINED, [tenantId, directoryId]);
  return Number(rows[0]?.n ?? 0);
}
