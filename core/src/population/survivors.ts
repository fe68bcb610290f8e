import { selectRows, type Sql } from '../store/table.js';
import { USER } from './tables.js';

/** Into whom users were merged, each step of the way. Users who stand are left out. */
export async function mergeSteps(
  sql: Sql,
  tenantId: string,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const steps = new Map<string, string>();
  const looked = new Set<string>();
  for (let asked = new Set(userIds); asked.size > 0;) {
    const keys = [...asked].map((id) => [id] as const);
    for (const id of asked) looked.add(id);
    const rows = await selectRows(sql, USER, { tenant_id: tenantId }, ['id'], keys);
    asked = new Set();
    for (const { id, merged_into: next } of rows) {
      if (next === null) continue;
      steps.set(id, next);
      if (!looked.has(next)) asked.add(next);
    }
  }
  return steps;
}

/** Where the steps lead. */
export function lastOf(userId: string, steps: ReadonlyMap<string, string>): string {
  let at = userId;
  for (let next = steps.get(at); next !== undefined; next = steps.get(at)) at = next;
  return at;
}

/** Who a user is by now: themselves, or whom they were merged into, however often. */
export async function survivorOf(sql: Sql, tenantId: string, userId: string): Promise<string> {
  return lastOf(userId, await mergeSteps(sql, tenantId, [userId]));
}
