import { selectRows, type Sql } from '../store/table.js';
import { USER } from './tables.js';

/** Who users are by now: themselves, or whom they were merged into, however often. */
export async function survivorsOf(
  sql: Sql,
  tenantId: string,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const mergedInto = new Map<string, string | null>();
  for (let asked = [...new Set(userIds)]; asked.length > 0;) {
    const keys = asked.map((id) => [id] as const);
    const rows = await selectRows(sql, USER, { tenant_id: tenantId }, ['id'], keys);
    for (const row of rows) mergedInto.set(row.id, row.merged_into);
    asked = [...new Set(rows.map((row) => row.merged_into))].filter(
      (id) => id !== null && !mergedInto.has(id),
    ) as string[];
  }
  const last = (id: string): string => {
    let at = id;
    for (let next = mergedInto.get(at); typeof next === 'string'; next = mergedInto.get(at)) at = next;
    return at;
  };
  return new Map(userIds.map((id) => [id, last(id)]));
}
