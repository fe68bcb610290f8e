import type { PartitionResult } from '../correlation/partition-types.js';
import { survivorsOf } from '../population/survivors.js';
import type { OverrideRow } from '../population/tables.js';
import { rawRows, type Sql } from '../store/table.js';
import type { WorkSet } from './work-set.js';

/** An override that was set for somebody who was merged away, and who that is by now. */
interface OverrideOfMerged {
  row: OverrideRow;
  survivor: string;
}

/** What was set for those who were merged into one of `users`. Few are, so they are looked at all. */
export async function overridesOfMerged(
  sql: Sql,
  tenantId: string,
  users: ReadonlySet<string>,
): Promise<OverrideOfMerged[]> {
  const rows = await rawRows<OverrideRow>(
    sql,
    `SELECT o.* FROM override AS o JOIN "user" AS u ON u.tenant_id = o.tenant_id AND u.id = o.user_id
     WHERE o.tenant_id = ? AND o.ended_at IS NULL AND u.merged_into IS NOT NULL ORDER BY o.id`,
    [tenantId],
  );
  if (rows.length === 0) return [];
  const survivors = await survivorsOf(
    sql,
    tenantId,
    rows.map((row) => row.user_id),
  );
  return rows
    .map((row) => ({ row, survivor: survivors.get(row.user_id) ?? row.user_id }))
    .filter(({ survivor }) => users.has(survivor));
}

/**
 * The overrides by the person to whom they apply after the partition: who is merged away leaves theirs to the survivor
 * (whose own come first), and who returns takes theirs along.
 */
export function overridesAfter(
  set: WorkSet,
  result: PartitionResult,
  isOwner: (userId: string) => boolean,
): WorkSet['overrides'] {
  const merged = new Map(result.merges.flatMap(({ losers, survivor }) => losers.map((loser) => [loser, survivor])));
  const heirOf = (userId: string): string =>
    isOwner(userId)
      ? userId
      : (merged.get(userId) ?? set.users.get(userId)?.mergedInto ?? set.survivors.get(userId) ?? userId);
  const own = [...set.overrides].filter(([userId]) => heirOf(userId) === userId);
  const after = new Map(own.map(([userId, rows]) => [userId, [...rows]]));
  for (const [userId, rows] of set.overrides) {
    const heir = lastHeir(userId, heirOf);
    if (heir !== userId) after.set(heir, [...(after.get(heir) ?? []), ...rows]);
  }
  return after;
}

function lastHeir(userId: string, heirOf: (userId: string) => string): string {
  let at = userId;
  for (let next = heirOf(at); next !== at; next = heirOf(at)) at = next;
  return at;
}
