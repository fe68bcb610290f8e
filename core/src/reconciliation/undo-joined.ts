import { MATCH_KEY, type LinkChangeRow, type LinkRow } from '../correlation/tables.js';
import { groupBy } from '../model/group-by.js';
import { selectRows, type Sql } from '../store/table.js';
import { idsOf, isEarlier, linkHistory, linksBy } from './link-history.js';
import type { TenantContext } from './tenant-context.js';

/** A record that goes with those that a merge gives back. */
export interface Follower {
  record_id: string;
  survivor: string;
  to: string;
  rule: string;
}

/**
 * Whom the survivor of a merge only has since then, by a sure key of those whom it gives back now: they go with them. Who
 * shares a sure key with somebody who stays, too, stays: the pass asks whose they are.
 */
export async function followersOf(
  sql: Sql,
  context: TenantContext,
  returned: readonly LinkChangeRow[],
): Promise<Follower[]> {
  const survivors = new Set(returned.flatMap((row) => row.to_user_id ?? []));
  const gone = new Set(idsOf(returned));
  const others = (await linksBy(sql, context, 'user_id', [...survivors])).filter((row) => !gone.has(row.record_id));
  const joined = await joinedSince(sql, context, others, returned);
  if (joined.length === 0) return [];
  const keysOf = await sureKeys(sql, context, [...idsOf(others), ...gone]);
  const joinedIds = new Set(idsOf(joined));
  const stays = new Set(idsOf(others).flatMap((id) => (joinedIds.has(id) ? [] : (keysOf.get(id) ?? []))));
  /** By key, to whom those go that hold it. */
  const owners = new Map<string, Set<string>>();
  for (const row of returned) claim(owners, keysOf.get(row.record_id) ?? [], row.from_user_id ?? '');
  return follow(joined, { keysOf, stays, owners });
}

interface Keys {
  keysOf: ReadonlyMap<string, readonly string[]>;
  stays: ReadonlySet<string>;
  owners: Map<string, Set<string>>;
}

/** One follower may bring the next. */
function follow(joined: readonly LinkRow[], { keysOf, stays, owners }: Keys): Follower[] {
  const followers: Follower[] = [];
  let waiting = joined;
  for (let isGrowing = true; isGrowing;) {
    isGrowing = false;
    for (const link of waiting) {
      const keys = keysOf.get(link.record_id) ?? [];
      const to = new Set(keys.flatMap((key) => [...(owners.get(key) ?? [])]));
      const bond = keys.find((key) => key.startsWith(`${link.rule ?? ''}\n`) && owners.has(key));
      const [owner] = to;
      if (bond === undefined || owner === undefined || to.size > 1 || keys.some((key) => stays.has(key))) continue;
      claim(owners, keys, owner);
      followers.push({ record_id: link.record_id, survivor: link.user_id, to: owner, rule: link.rule ?? '' });
      waiting = waiting.filter((other) => other !== link);
      isGrowing = true;
    }
  }
  return followers;
}

function claim(owners: Map<string, Set<string>>, keys: readonly string[], owner: string): void {
  for (const key of keys) owners.set(key, new Set([...(owners.get(key) ?? []), owner]));
}

/** Those of the links that a sure key made in the run of the merge or later; who was somebody else's before is not one. */
async function joinedSince(
  sql: Sql,
  context: TenantContext,
  links: readonly LinkRow[],
  merge: readonly LinkChangeRow[],
): Promise<LinkRow[]> {
  const sure = links.filter((link) => link.how === 'sure');
  const history = groupBy(await linkHistory(sql, context, idsOf(sure)), (row) => row.record_id);
  const isSince = (row: LinkChangeRow): boolean =>
    merge.some((move) => row.run_id === move.run_id || isEarlier(move, row));
  return sure.filter((link) => {
    const past = history.get(link.record_id) ?? [];
    return past.every((row) => (row.from_user_id ?? link.user_id) === link.user_id && isSince(row));
  });
}

/** By record, its keys under the sure rules. */
async function sureKeys(
  sql: Sql,
  context: TenantContext,
  recordIds: readonly string[],
): Promise<Map<string, string[]>> {
  const rules = new Set(context.rules.correlation.flatMap((rule) => (rule.certainty === 'sure' ? [rule.name] : [])));
  const rows = await selectRows(
    sql,
    MATCH_KEY,
    { tenant_id: context.tenantId },
    ['record_id'],
    recordIds.map((id) => [id]),
  );
  const held = groupBy(
    rows.filter((row) => rules.has(row.rule)),
    (row) => row.record_id,
  );
  return new Map([...held].map(([id, keys]) => [id, keys.map(({ rule, key }) => `${rule}\n${key}`)]));
}
