import type { PartitionResult } from '../correlation/partition-types.js';
import { byText } from '../model/compare.js';
import { lastOf, mergeSteps } from '../population/survivors.js';
import type { OverrideRow } from '../population/tables.js';
import { rawRows, type Sql } from '../store/table.js';
import type { WorkSet } from './work-set.js';

/** Overrides of people who were merged into one of `users`, and each step of their way there. */
export async function overridesOfMerged(
  sql: Sql,
  tenantId: string,
  users: ReadonlySet<string>,
): Promise<{ rows: OverrideRow[]; steps: ReadonlyMap<string, string> }> {
  const standing = await rawRows<OverrideRow>(
    sql,
    `SELECT o.* FROM override AS o JOIN "user" AS u ON u.tenant_id = o.tenant_id AND u.id = o.user_id
     WHERE o.tenant_id = ? AND o.ended_at IS NULL AND u.merged_into IS NOT NULL`,
    [tenantId],
  );
  if (standing.length === 0) return { rows: [], steps: new Map() };
  const owners = standing.map((row) => row.user_id);
  const steps = await mergeSteps(sql, tenantId, owners);
  return { rows: standing.filter((row) => users.has(lastOf(row.user_id, steps))), steps };
}

/**
 * The overrides by the person to whom they apply after the partition: who is merged away leaves theirs to the survivor,
 * and who returns takes theirs along. The survivor's own come first, then what was set last.
 */
export function overridesAfter(
  set: WorkSet,
  result: PartitionResult,
  isOwner: (userId: string) => boolean,
): WorkSet['overrides'] {
  const merged = new Map(result.merges.flatMap(({ losers, survivor }) => losers.map((loser) => [loser, survivor])));
  const nextOf = (userId: string): string | undefined =>
    isOwner(userId)
      ? undefined
      : (merged.get(userId) ?? set.users.get(userId)?.mergedInto ?? set.mergeSteps.get(userId));
  const after = new Map<string, OverrideRow[]>();
  for (const [userId, rows] of set.overrides) {
    let heir = userId;
    for (let next = nextOf(heir); next !== undefined; next = nextOf(heir)) heir = next;
    after.set(heir, [...(after.get(heir) ?? []), ...rows]);
  }
  for (const [heir, rows] of after) rows.sort((a, b) => precedence(heir, a, b));
  return after;
}

/** Which of two overrides of one person comes first, whenever that is asked. */
function precedence(userId: string, a: OverrideRow, b: OverrideRow): number {
  const own = Number(b.user_id === userId) - Number(a.user_id === userId);
  return own || byText(b.set_at, a.set_at) || byText(b.id, a.id);
}
