import type { AcceptedRow } from '../sources/tables.js';
import type { Sql } from '../store/table.js';
import type { Vanished } from './claim-records.js';

/** The columns that vanished in each directory and kind of the tenant. */
export async function loadVanished(sql: Sql, tenantId: string): Promise<Vanished> {
  const rows = (await sql('accepted').where({ tenant_id: tenantId })) as AcceptedRow[];
  return new Map(rows.map((row) => [`${row.directory_id}/${row.kind}`, new Set(JSON.parse(row.vanished) as string[])]));
}

/** The same, loaded at the first call by whatever runs statements then. */
export function vanishedOnce(tenantId: string): (sql: Sql) => Promise<Vanished> {
  let loaded: Promise<Vanished> | null = null;
  return (sql) => (loaded ??= loadVanished(sql, tenantId));
}
