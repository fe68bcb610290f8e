import { isSqlite, rawRows, type Sql } from '../store/table.js';

/**
 * Makes the consequence passes of one tenant take turns until the transaction ends: without it two processes on two
 * directories of one tenant would each bring the same person. The row that numbers the tenant's events is the lock. On
 * SQLite there is one writer anyway.
 */
export async function lockTenant(sql: Sql, tenantId: string): Promise<void> {
  if (isSqlite(sql)) return;
  await rawRows(sql, 'SELECT id FROM tenant WHERE id = ? FOR UPDATE', [tenantId]);
}
