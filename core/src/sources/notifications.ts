import { cell, jsonRows, rawRows, type Sql } from '../store/table.js';

/** Whose notifications. */
export interface ChannelPlace {
  tenantId: string;
  directoryId: string;
}

/**
 * Remembers the receipts of notifications; what was taken already is not taken again.
 *
 * @param at - ISO instant.
 * @returns those that are new.
 */
export async function takeReceipts(
  sql: Sql,
  { tenantId, directoryId }: ChannelPlace,
  receipts: readonly string[],
  at: string,
): Promise<ReadonlySet<string>> {
  if (receipts.length === 0) return new Set();
  const rows = await rawRows<{ receipt: string }>(
    sql,
    `INSERT INTO notification (tenant_id, directory_id, receipt, received_at)
     SELECT ${[0, 1, 2, 3].map((n) => cell(sql, n)).join(', ')} FROM ${jsonRows(sql)} WHERE true
     ON CONFLICT (tenant_id, directory_id, receipt) DO NOTHING RETURNING receipt`,
    [JSON.stringify([...new Set(receipts)].map((receipt) => [tenantId, directoryId, receipt, at]))],
  );
  return new Set(rows.map((row) => row.receipt));
}

/** Forgets receipts from before an instant: a source sends again within hours or days, and a hint that is taken twice does no harm. */
export async function forgetReceipts(sql: Sql, place: ChannelPlace, before: string): Promise<void> {
  await sql('notification')
    .where({ tenant_id: place.tenantId, directory_id: place.directoryId })
    .where('received_at', '<', before)
    .delete();
}
