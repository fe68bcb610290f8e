import { foldText } from '../model/compare.js';
import type { GroupRecordRow } from '../population/tables.js';
import { countMembers } from '../reading/groups.js';
import { rawRows, type Sql } from '../store/table.js';
import type { Directory } from '../tenancy/directories.js';
import type { GuardCounter } from './guard-counts.js';
import { mayTrip, tripsOf, type Recent, type Trip } from './guard-trips.js';
import type { TenantContext } from './tenant-context.js';

/**
 * The guards that trip in a run. What percentages are of is counted only where a guard's count is reached: most runs
 * change few, whatever the size of the directory.
 */
export async function findTrips(
  sql: Sql,
  context: TenantContext,
  directory: Directory | null,
  { counter, groups, now, trigger }: { counter: GuardCounter; groups: readonly string[]; now: string; trigger: string },
): Promise<Trip[]> {
  if (counter.counts.size === 0) return [];
  const { guards } = context.rules;
  const recent = await recentCounts(sql, context, directory, { now, trigger });
  if (!mayTrip(guards, counter, recent)) return [];
  const members = await countMembers(sql, context.tenantId, groups);
  for (const count of counter.counts.values())
    if (count.guard === 'privilegedRemovals') count.base = members.get(count.part) ?? null;
  return tripsOf(guards, counter, await countBase(sql, context, directory), recent);
}

/** True where the tenant has nobody yet. */
export async function hasNobody(sql: Sql, tenantId: string): Promise<boolean> {
  return (await sql('user').where({ tenant_id: tenantId }).first('id')) === undefined;
}

/**
 * What percentages are of: records of the directory that belonged to somebody and were there when the run began. Whose
 * departure is still pending was there, whoever read it first; who is new was not: a plan and the sync that follows
 * count alike.
 */
async function countBase(sql: Sql, context: TenantContext, directory: Directory | null): Promise<number> {
  const text =
    directory === null
      ? 'SELECT count(*) AS n FROM "user" WHERE tenant_id = ? AND merged_into IS NULL'
      : `SELECT count(*) AS n FROM source_record AS r JOIN link AS l ON l.tenant_id = r.tenant_id AND l.record_id = r.id
         WHERE r.tenant_id = ? AND r.directory_id = ? AND r.kind = 'user' AND (r.gone_begin IS NULL OR r.dirty IS NOT NULL)`;
  const bindings = directory === null ? [context.tenantId] : [context.tenantId, directory.id];
  const rows = await rawRows<{ n: number | string }>(sql, text, bindings);
  return Number(rows[0]?.n ?? 0);
}

const DAY_MS = 86_400_000;

/** Triggers by which people change one by one; what they let through counts apart from what snapshots do. */
const SINGLY = ['push', 'notification'];

/** True for a trigger by which people change one by one. */
export function isSingly(trigger: string): boolean {
  return SINGLY.includes(trigger);
}

/** What earlier runs of the directory let through within a day: a drip of small runs must trip, too. */
async function recentCounts(
  sql: Sql,
  context: TenantContext,
  directory: Directory | null,
  { now, trigger }: { now: string; trigger: string },
): Promise<Recent> {
  const since = new Date(new Date(now).getTime() - DAY_MS).toISOString();
  const rows = await sql('run')
    .where({ tenant_id: context.tenantId, directory_id: directory?.id ?? null })
    .where('started_at', '>', since)
    .whereNot('guard_counts', '{}')
    [isSingly(trigger) ? 'whereIn' : 'whereNotIn']('trigger', SINGLY)
    .select<{ guard_counts: string }[]>('guard_counts');
  const totals = new Map<string, number>();
  for (const row of rows)
    for (const [place, count] of Object.entries(JSON.parse(row.guard_counts) as Record<string, number>))
      totals.set(place, (totals.get(place) ?? 0) + count);
  return totals;
}

/** Group ids of `privilegedGroups` (source ids, or names of groups known by name): the directory's, or everybody's. */
export async function privilegedGroups(
  sql: Sql,
  context: TenantContext,
  directory: Directory | null,
): Promise<string[]> {
  const directories = directory === null ? context.directories : [directory];
  const ids: string[] = [];
  for (const { id, privilegedGroups: names } of directories) {
    if (names.length === 0) continue;
    const rows = (await sql('group_record')
      .where({ tenant_id: context.tenantId, directory_id: id })
      .whereIn(
        'group_source_id',
        names.flatMap((name) => [name, `name:${foldText(name)}`]),
      )) as GroupRecordRow[];
    ids.push(...rows.map((row) => row.group_id));
  }
  return ids;
}
