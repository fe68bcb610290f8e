import { insertRows, rawRows, type Sql } from '../store/table.js';
import { EVENT, type EventRow } from './tables.js';

/**
 * Reserves the next `count` numbers of the tenant's sequence; answers the first. As late as possible in the transaction:
 * on PostgreSQL the row's lock is held until the commit, which makes the numbers gap-free and visible in order.
 */
export async function takeSequences(sql: Sql, tenantId: string, count: number): Promise<number> {
  const rows = await rawRows<{ last: number }>(
    sql,
    'UPDATE tenant SET event_sequence = event_sequence + ? WHERE id = ? RETURNING event_sequence AS last',
    [count, tenantId],
  );
  return (rows[0]?.last ?? 0) - count + 1;
}

/** Appends events whose numbers were taken in this transaction. */
export async function appendEvents(sql: Sql, rows: readonly EventRow[]): Promise<void> {
  await insertRows(sql, EVENT, rows);
}
