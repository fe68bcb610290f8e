import { LINK, LINK_CHANGE, type LinkChangeRow, type LinkRow } from '../correlation/tables.js';
import { selectRows, type Sql } from '../store/table.js';
import type { TenantContext } from './tenant-context.js';

/** All that ever happened to the bonds of the records, in order. */
export async function linkHistory(
  sql: Sql,
  context: TenantContext,
  recordIds: readonly string[],
): Promise<LinkChangeRow[]> {
  const scope = { tenant_id: context.tenantId };
  const rows = await selectRows(
    sql,
    LINK_CHANGE,
    scope,
    ['record_id'],
    recordIds.map((id) => [id]),
  );
  return rows.sort((a, b) => (isEarlier(a, b) ? -1 : 1));
}

/** True where the one change was written before the other. */
export function isEarlier(one: LinkChangeRow, other: LinkChangeRow): boolean {
  return `${one.at} ${one.id}` < `${other.at} ${other.id}`;
}

/** The bonds of the records, or of the users, as they stand. */
export function linksBy(
  sql: Sql,
  context: TenantContext,
  column: 'record_id' | 'user_id',
  ids: readonly string[],
): Promise<LinkRow[]> {
  return selectRows(
    sql,
    LINK,
    { tenant_id: context.tenantId },
    [column],
    ids.map((id) => [id]),
  );
}

/** The records that rows are about. */
export function idsOf(rows: readonly { record_id: string }[]): string[] {
  return rows.map((row) => row.record_id);
}
