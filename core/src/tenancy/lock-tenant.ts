import { isSqlite, rawRows, type Sql } from '../store/table.js';

/**
 * Taken first by every transaction that writes the population: consequences are serial per tenant. On SQLite the
 * transaction itself is that lock.
 */
export async function lockTenant(sql: Sql, tenantId: string): Promise<void> {
  if (!isSqlite(sql)) await rawRows(sql, 'SELECT id FROM tenant WHERE id = ? FOR UPDATE', [tenantId]);
}

/** Takes that lock where nobody has it; never waits. */
export async function tryLockTenant(sql: Sql, tenantId: string): Promise<boolean> {
  if (isSqlite(sql)) return true;
  const rows = await rawRows(sql, 'SELECT id FROM tenant WHERE id = ? FOR UPDATE SKIP LOCKED', [tenantId]);
  return rows.length > 0;
}

/**
 * Taken after the tenant by whatever clears marks of records: what is pushed to a directory in the meantime would lose
 * the marks that it sets. Who pushes holds its directory and never waits for the tenant.
 *
 * @param directory - the one whose records are drawn; null: any.
 */
export async function lockPushedDirectories(sql: Sql, tenantId: string, directory: string | null): Promise<void> {
  if (isSqlite(sql)) return;
  await rawRows(
    sql,
    'SELECT id FROM directory WHERE tenant_id = ? AND last_push_at IS NOT NULL AND (?::text IS NULL OR name = ?) ORDER BY id FOR UPDATE',
    [tenantId, directory, directory],
  );
}
