import { rawRows, type Sql } from '../store/table.js';

/** Users whose date has come. */
export async function findDueUsers(sql: Sql, tenantId: string, now: string): Promise<string[]> {
  const rows = await rawRows<{ user_id: string }>(
    sql,
    'SELECT user_id FROM due WHERE tenant_id = ? AND at <= ? ORDER BY user_id',
    [tenantId, now],
  );
  return rows.map((row) => row.user_id);
}
