import { isSqlite, rawRows, type Sql } from '../store/table.js';

/**
 * Taken first by every transaction that writes the population: consequences are serial per tenant. On SQLite the
 * transaction itself is that lock.
 */
export async function lockTenant(sql: Sql, tenantId: string): Promise<void> {
  if (!isSqlite(sql)) await rawRows(sql, 'SELECT id FROM tenant WHERE id = ? FOR UPDATE', [tenantId]);
}
