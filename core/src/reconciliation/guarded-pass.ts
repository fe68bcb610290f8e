import { RollcallError } from '@rollcall/connector-kit';
import { foldText } from '../model/compare.js';
import type { GroupRecordRow } from '../population/tables.js';
import { countMembers } from '../reading/groups.js';
import { rawRows, type Sql } from '../store/table.js';
import type { Directory } from '../tenancy/directories.js';
import { consequencePass, isSettled, type NextSeeds, type Pass } from './consequence-pass.js';
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
  /** The directory had never been read whole when the run began. */
  first: boolean;
  /** True: the pass closes what asked for it, also where nobody is left to be drawn. */
  closes?: boolean;
  /** True: a person decided already; nothing is held. */
  approved?: boolean;
}

/** A consequence pass whose guards have counted over all of it before the first consequence is written. */
export async function guardedPass(pass: Pass, work: GuardedWork): Promise<void> {
  if (work.approved !== true) {
    const trips = await countAll(pass, work);
    if (trips === null && work.closes !== true) return;
    if (trips !== null && trips.length > 0) await hold(pass, work, trips);
  }
  await consequencePass(pass, work.next(false));
}

/** Null: there is nothing to do. */
async function countAll(pass: Pass, work: GuardedWork): Promise<Trip[] | null> {
  const { context } = pass;
  const next = work.next(true);
  const first = await pass.observe((sql) => next(sql));
  if (first === null) return null;
  const groups = await pass.observe((sql) => privilegedGroups(sql, context, work.directory));
  const counter = new GuardCounter({
    directory: work.directory?.name ?? null,
    grown: !work.first,
    privilegedGroups: new Set(groups),
  });
  const isEmpty = work.first && (await pass.observe((sql) => hasNobody(sql, context.tenantId)));
  await countBatches(pass, withFirst(first, next), counter, isEmpty);
  if (counter.examined === 0 && counter.counts.size === 0) return [];
  const broken = quarantineTrips(context.rules.guards, counter);
  if (broken !== null) throw mappingBroken(context, work, broken.count, broken.limit);
  const facts = await pass.observe((sql) => loadFacts(sql, context, work, { now: pass.report.now(), groups }));
  setBases(counter, facts);
  pass.report.guardCounts = new Map([...counter.counts].map(([place, count]) => [place, count.items.length]));
  return tripsOf(context.rules.guards, counter, facts.base, facts.recent);
}

function setBases(counter: GuardCounter, facts: Facts): void {
  for (const count of counter.counts.values())
    if (count.guard === 'privilegedRemovals') count.base = facts.members.get(count.part) ?? null;
}

function withFirst(first: Awaited<ReturnType<NextSeeds>>, next: NextSeeds): NextSeeds {
  let seeds = first;
  return (sql) => {
    const taken = seeds;
    seeds = null;
    return taken === null ? next(sql) : Promise.resolve(taken);
  };
}

async function hasNobody(sql: Sql, tenantId: string): Promise<boolean> {
  return (await sql('user').where({ tenant_id: tenantId }).first('id')) === undefined;
}

async function countBatches(pass: Pass, next: NextSeeds, counter: GuardCounter, isEmpty: boolean): Promise<void> {
  for (;;) {
    pass.signal.throwIfAborted();
    await pass.stayAlive?.();
    const more = await pass.observe((sql) => countBatch(sql, pass, next, { counter, isEmpty }));
    if (!more) return;
    await new Promise(setImmediate);
  }
}

/** In the first read of an empty tenant nobody can lose anything: only what cannot be mapped counts, nothing is drawn. */
async function countBatch(
  sql: Sql,
  pass: Pass,
  next: NextSeeds,
  { counter, isEmpty }: { counter: GuardCounter; isEmpty: boolean },
): Promise<boolean> {
  const seeds = await next(sql);
  if (seeds === null) return false;
  counter.examined += seeds.settled ?? 0;
  if (isSettled(seeds)) return true;
  const now = pass.report.now();
  const set = await gather(sql, pass.context, { ...seeds, now, vanished: pass.vanished });
  if (isEmpty) counter.countMapped(set);
  else counter.count(await draw(sql, pass.context, set, { now, cause: pass.cause }));
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
  members: Map<string, number>;
}

const DAY_MS = 86_400_000;

async function loadFacts(
  sql: Sql,
  context: TenantContext,
  work: GuardedWork,
  { now, groups }: { now: string; groups: readonly string[] },
): Promise<Facts> {
  return {
    base: await countBase(sql, context, work.directory),
    recent: await recentCounts(sql, context, work.directory, now),
    members: await countMembers(sql, context.tenantId, groups),
  };
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

/** Group ids of `privilegedGroups` (source ids, or names of groups known by name): the directory's, or everybody's. */
async function privilegedGroups(sql: Sql, context: TenantContext, directory: Directory | null): Promise<string[]> {
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

function mappingBroken(context: TenantContext, work: GuardedWork, count: number, limit: number): RollcallError {
  return new RollcallError('RC_GUARD_QUARANTINE', 1, 'stop', {
    what: `${count} records have attributes that cannot be mapped (limit ${limit}): the mapping or the export is broken. Nobody was changed.`,
    where: { tenant: context.tenantId, ...(work.directory === null ? {} : { directory: work.directory.name }) },
    mend: 'See what failed with: rollcall mapping eval FILE --record FILE; mend the mapping or the export, then run: rollcall sync',
  });
}
