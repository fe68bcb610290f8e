import type { Sql, Table } from '../store/table.js';
import { limitOf, pageOf, readCursor, type ListScope, type PageRequest } from './page.js';

/**
 * A page of a table in the order of its ids.
 *
 * @param filters - columns with the value that they must have.
 */
export async function pageById<Row extends { id: string; tenant_id: string }>(
  sql: Sql,
  table: Table<Row>,
  filters: Partial<Row>,
  scope: ListScope,
  request: PageRequest,
): Promise<{ rows: readonly Row[]; next: string | null }> {
  const after = readCursor(scope, request.after);
  const limit = limitOf(request.limit);
  const query = sql(table.name).where({ ...filters, tenant_id: scope.tenantId });
  if (after?.[0] !== undefined) void query.where('id', '>', after[0]);
  const rows = (await query.orderBy('id').limit(limit + 1)) as Row[];
  return pageOf(scope, rows, limit, (row) => [row.id]);
}
