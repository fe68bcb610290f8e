import { RollcallError } from '@rollcall/connector-kit';
import { foldText } from '../model/compare.js';
import type { GroupRecordRow } from '../population/tables.js';
import { countMembers } from '../reading/groups.js';
import { countPresent } from '../sources/known-records.js';
import { rawRows, type Sql } from '../store/table.js';
import type { Directory } from '../tenancy/directories.js';
import { consequencePass, type NextSeeds, type Pass } from './consequence-pass.js';
import { draw } from './draw.js';
import { gather } from './gather.js';
import { GuardCounter } from './guard-counts.js';
import { quarantineTrips, tripsOf, type Recent, type Trip } from './guard-trips.js';
import { writeHolds } from './holds.js';
import type { TenantContext } from './tenant-context.js';

/** What a guarded pass works on. */
export interface GuardedWork {
  directory: Directory | null;
  /** Starts anew at each call: the pass is counted first (`dry`: nothing may be written) and applied then. */
  next(dry: boolean): NextSeeds;
  /** Users with a present record of the directory when the run began; null: as many as there are now. */
  base: number | null;
  /** The directory had never been read whole when the run began. */
  first: boolean;
  /** True: a person decided already; nothing is held. */
  approved?: boolean;
}

/** A consequence pass whose guards have counted over all of it before the first consequence is written. */
export async function guardedPass(pass: Pass, work: GuardedWork): Promise<void> {
  if (work.approved !== true) {
    const trips = await countAll(pass, work);
    if (trips.length > 0) await hold(pass, work, trips);
  }
  await consequencePass(pass, work.next(false));
}

async function countAll(pass: Pass, work: GuardedWork): Promise<Trip[]> {
  const { context } = pass;
  const facts = await pass.observe((sql) => loadFacts(sql, context, work, pass.report.now()));
  const counter = new GuardCounter({
    directory: work.directory?.name ?? null,
    grown: !work.first,
    privilegedGroups: facts.privileged,
  });
  const next = work.next(true);
  for (;;) {
    pass.signal.throwIfAborted();
    const more = await pass.observe((sql) => countBatch(sql, pass, next, counter));
    if (!more) break;
    await new Promise(setImmediate);
  }
  const broken = quarantineTrips(context.rules.guards, counter);
  if (broken !== null) throw mappingBroken(context, work, broken.count, broken.limit);
  for (const count of counter.counts.values())
    if (count.guard === 'privilegedRemovals') count.base = facts.members.get(count.part) ?? null;
  pass.report.guardCounts = new Map([...counter.counts].map(([place, count]) => [place, count.items.length]));
  return tripsOf(context.rules.guards, counter, facts.base, facts.recent);
}

async function countBatch(sql: Sql, pass: Pass, next: NextSeeds, counter: GuardCounter): Promise<boolean> {
  const seeds = await next(sql);
  if (seeds === null) return false;
  const now = pass.report.now();
  const set = await gather(sql, pass.context, { ...seeds, now, vanished: pass.vanished });
  counter.count(await draw(sql, pass.context, set, { now, cause: pass.cause }));
  return true;
}

async function hold(pass: Pass, work: GuardedWork, trips: readonly Trip[]): Promise<void> {
  const { context, report } = pass;
  const written = await pass.transact((sql) =>
    writeHolds(sql, context, trips, {
      runId: report.runId,
      now: report.now(),
      directoryId: work.directory?.id ?? null,
    }),
  );
  report.noteHeld(written.held);
  report.noteEvents(written.events);
  // What is held did not go through: it must not count again tomorrow.
  for (const trip of trips) report.guardCounts.delete(`${trip.guard}/${trip.part}`);
}

interface Facts {
  base: number;
  recent: Recent;
  privileged: Set<string>;
  members: Map<string, number>;
}

const DAY_MS = 86_400_000;

async function loadFacts(sql: Sql, context: TenantContext, work: GuardedWork, now: string): Promise<Facts> {
  const groups = await privilegedGroups(sql, context, work.directory);
  return {
    base: work.base ?? (await countBase(sql, context, work.directory)),
    recent: await recentCounts(sql, context, work.directory, now),
    privileged: new Set(groups),
    members: await countMembers(sql, context.tenantId, groups),
  };
}

async function countBase(sql: Sql, context: TenantContext, directory: Directory | null): Promise<number> {
  if (directory !== null) return countPresent(sql, context.tenantId, directory.id, 'user');
  const rows = await rawRows<{ n: number | string }>(
    sql,
    'SELECT count(*) AS n FROM "user" WHERE tenant_id = ? AND merged_into IS NULL',
    [context.tenantId],
  );
  return Number(rows[0]?.n ?? 0);
}

/** What earlier runs of the directory let through within a day: a drip of small runs must trip, too. */
async function recentCounts(
  sql: Sql,
  context: TenantContext,
  directory: Directory | null,
  now: string,
): Promise<Recent> {
  const since = new Date(new Date(now).getTime() - DAY_MS).toISOString();
  const rows = await sql('run')
    .where({ tenant_id: context.tenantId, directory_id: directory?.id ?? null })
    .where('started_at', '>', since)
    .whereNot('guard_counts', '{}')
    .select<{ guard_counts: string }[]>('guard_counts');
  const totals = new Map<string, number>();
  for (const row of rows)
    for (const [place, count] of Object.entries(JSON.parse(row.guard_counts) as Record<string, number>))
      totals.set(place, (totals.get(place) ?? 0) + count);
  return totals;
}

/** Group ids of the directory's `privilegedGroups`: source ids, or names of groups known by name. */
async function privilegedGroups(sql: Sql, context: TenantContext, directory: Directory | null): Promise<string[]> {
  if (directory === null || directory.privilegedGroups.length === 0) return [];
  const ids = directory.privilegedGroups.flatMap((name) => [name, `name:${foldText(name)}`]);
  const rows = (await sql('group_record')
    .where({ tenant_id: context.tenantId, directory_id: directory.id })
    .whereIn('group_source_id', ids)) as GroupRecordRow[];
  return rows.map((row) => row.group_id);
}

function mappingBroken(context: TenantContext, work: GuardedWork, count: number, limit: number): RollcallError {
  return new RollcallError('RC_GUARD_QUARANTINE', 1, 'stop', {
    what: `${count} records have attributes that cannot be mapped (limit ${limit}): the mapping or the export is broken. Nobody was changed.`,
    where: { tenant: context.tenantId, ...(work.directory === null ? {} : { directory: work.directory.name }) },
    mend: 'See what failed with: rollcall mapping eval FILE --record FILE; mend the mapping or the export, then run: rollcall sync',
  });
}
