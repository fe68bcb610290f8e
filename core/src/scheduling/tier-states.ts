import { storedInstant } from '../model/instants.js';
import type { Store } from '../store/store.js';
import { deleteRows, rawRows, updateRows, upsertRows, type Sql } from '../store/table.js';
import { backOffMs } from './back-off.js';
import { FAST_TIERS, laneOf, type RunLane } from './lanes.js';
import { nextRun, parseSchedule } from './schedule.js';
import { TIER_STATE, type TierStateRow } from './tables.js';
import type { DueTier, TierKey, TierResult, WantedTier } from './tier.js';

/** A process that took a tier and died is waited for so long; a run that takes longer holds its lease all the same. */
const CLAIM_MS = 10 * 60_000;
/** When a tier is looked at again on whose lane another run was at work. */
const BUSY_MS = { sweep: 60_000, fast: 5_000 } as const;
/** A whole read that is asked for because a stream broke off is not asked for again so soon. */
const ASKED_EVERY_MS = 60 * 60_000;
/** What is due again the moment it was done must not keep the process busy with nothing else. */
const LEAST_MS = 5_000;

const nameOf = ({ tenantId, directoryId, tier }: TierKey): string => JSON.stringify([tenantId, directoryId, tier]);
const keyOf = (row: TierStateRow): TierKey => ({
  tenantId: row.tenant_id,
  directoryId: row.directory_id,
  tier: row.tier as TierKey['tier'],
});

/**
 * Brings the tiers in line with what is applied: new ones are due at once, changed schedules count from the last run,
 * those of paused and retired directories are let go. What stays as it is costs no write, and no transaction.
 */
export async function refreshTiers(store: Store, wanted: readonly WantedTier[], now: Date): Promise<void> {
  const rows = await store.read((sql) => listTierStates(sql));
  const known = new Map(rows.map((row) => [nameOf(keyOf(row)), row]));
  const fresh: TierStateRow[] = [];
  const changed: TierStateRow[] = [];
  const pushed: TierStateRow[] = [];
  for (const tier of wanted) {
    const row = known.get(nameOf(tier));
    known.delete(nameOf(tier));
    if (row === undefined) fresh.push(scheduled(blank(tier, now), tier, now));
    else if (isOther(row, tier, now)) changed.push(scheduled(row, tier, now));
    if (row !== undefined && tier.tier === 'push' && row.fresh_at !== tier.pushedAt)
      pushed.push({ ...row, fresh_at: tier.pushedAt });
  }
  if (fresh.length + changed.length + pushed.length + known.size === 0) return;
  await store.write('sweep', async (sql) => {
    await upsertRows(sql, TIER_STATE, fresh, []);
    // A claim that another process made meanwhile stands.
    await updateRows(sql, TIER_STATE, ['schedule', 'next_at'], changed);
    await updateRows(sql, TIER_STATE, ['fresh_at'], pushed);
    await deleteRows(sql, TIER_STATE, [...known.values()]);
  });
}

/** True for what is due by what stands in the store, and not by a schedule. */
function isByNeed({ tier }: Pick<TierKey, 'tier'>): boolean {
  return tier === 'clock' || tier === 'notification';
}

/** After a failure it keeps its distance; while it is worked on, its end says what comes next. */
function isOther(row: TierStateRow, tier: WantedTier, now: Date): boolean {
  if (!isByNeed(tier)) return row.schedule !== tier.schedule;
  const at = storedInstant(now);
  const isFree = row.failures === 0 && (row.claimed_until === null || row.claimed_until <= at);
  const isDue = (instant: string | null): boolean => instant !== null && instant <= at;
  return isFree && row.next_at !== tier.dueAt && !(isDue(row.next_at) && isDue(tier.dueAt));
}

function blank({ tenantId, directoryId, tier, schedule, pushedAt }: WantedTier, now: Date): TierStateRow {
  return {
    tenant_id: tenantId,
    directory_id: directoryId,
    tier,
    schedule,
    since: storedInstant(now),
    next_at: null,
    claimed_until: null,
    failures: 0,
    last_started_at: null,
    last_ended_at: null,
    last_outcome: null,
    last_code: null,
    fresh_at: pushedAt,
    stale_since: null,
    missed: 0,
  };
}

function scheduled(row: TierStateRow, tier: WantedTier, now: Date): TierStateRow {
  return { ...row, schedule: tier.schedule, next_at: isByNeed(tier) ? tier.dueAt : nextAt(row, tier, now) };
}

function nextAt(
  row: TierStateRow,
  { schedule, timeZone, directoryId, tier }: Omit<WantedTier, 'dueAt' | 'pushedAt'>,
  now: Date,
): string | null {
  if (tier === 'push') return null;
  const last = row.last_started_at === null ? null : Date.parse(row.last_started_at);
  const next = nextRun(parseSchedule(schedule), { directoryId, timeZone, last, now: now.getTime() });
  return next === null ? null : storedInstant(new Date(next));
}

const LANE = `CASE WHEN tier IN (${FAST_TIERS.map((tier) => `'${tier}'`).join(', ')}) THEN 'fast' ELSE 'sweep' END`;

/** Of each tenant at most `perTenant` tiers of each lane that are due, the longest waiting first. */
export async function dueTiers(sql: Sql, now: Date, perTenant: number): Promise<DueTier[]> {
  const at = storedInstant(now);
  const rows = await rawRows<TierStateRow>(
    sql,
    `SELECT * FROM (
       SELECT s.*, row_number() OVER (PARTITION BY s.tenant_id, ${LANE} ORDER BY s.next_at, s.directory_id) AS place
       FROM tier_state AS s WHERE s.next_at <= ? AND (s.claimed_until IS NULL OR s.claimed_until <= ?)
     ) AS due WHERE place <= ? ORDER BY next_at, tenant_id, place`,
    [at, at, perTenant],
  );
  return rows.map((row) => ({ ...keyOf(row), nextAt: row.next_at ?? at }));
}

/** Takes a tier for this process. False: it is taken, or no longer due. */
export async function claimTier(sql: Sql, tier: TierKey, now: Date): Promise<boolean> {
  const at = storedInstant(now);
  const rows = await rawRows(
    sql,
    `UPDATE tier_state SET claimed_until = ?, last_started_at = ?
     WHERE tenant_id = ? AND directory_id = ? AND tier = ? AND next_at <= ?
       AND (claimed_until IS NULL OR claimed_until <= ?) RETURNING tier`,
    [storedInstant(new Date(now.getTime() + CLAIM_MS)), at, tier.tenantId, tier.directoryId, tier.tier, at, at],
  );
  return rows.length > 0;
}

const SETTLED = [
  'next_at',
  'claimed_until',
  'failures',
  'last_ended_at',
  'last_outcome',
  'last_code',
  'fresh_at',
] as const;

/** Stores how a run went and when the tier is due again; `next` where that is not for a schedule to say. */
export async function settleTier(
  sql: Sql,
  { tenantId, directoryId, tier, timeZone }: TierKey & { timeZone: string },
  result: TierResult,
  { now, next }: { now: Date; next: string | null },
): Promise<void> {
  const key = { tenant_id: tenantId, directory_id: directoryId, tier };
  const row = (await sql('tier_state').where(key).first()) as TierStateRow | undefined;
  if (row === undefined) return;
  const failures = failuresAfter(row, result);
  const wanted = { tenantId, directoryId, tier, timeZone, schedule: row.schedule };
  const planned = isByNeed(wanted) ? next : nextAt(row, wanted, now);
  await updateRows(sql, TIER_STATE, SETTLED, [
    {
      ...row,
      next_at: pushedBack(planned, result, { failures, lane: laneOf(tier) }, now),
      claimed_until: null,
      failures,
      last_ended_at: storedInstant(now),
      last_outcome: result.outcome,
      last_code: result.code,
      fresh_at: result.complete && tier !== 'notification' ? row.last_started_at : row.fresh_at,
    },
  ]);
}

/** A directory that another process was at work on has not failed. */
function failuresAfter(row: TierStateRow, { outcome }: TierResult): number {
  if (outcome === 'busy' || outcome === 'superseded') return row.failures;
  return outcome === 'failed' || outcome === 'stopped' ? row.failures + 1 : 0;
}

function pushedBack(
  planned: string | null,
  result: TierResult,
  { failures, lane }: { failures: number; lane: RunLane },
  now: Date,
): string | null {
  const after = (ms: number): string => storedInstant(new Date(now.getTime() + ms));
  if (result.outcome === 'busy') return after(BUSY_MS[lane]);
  if (result.outcome === 'interrupted') return after(0);
  if (failures === 0) return planned !== null && planned <= storedInstant(now) ? after(LEAST_MS) : planned;
  return after(backOffMs({ failures, needsPerson: result.needsPerson, retryAfterMs: result.retryAfterMs }));
}

/** The earliest instant at which a tier of these lanes that nobody works on is due; null: none is. */
export async function earliestDue(sql: Sql, now: Date, lanes: readonly RunLane[]): Promise<Date | null> {
  if (lanes.length === 0) return null;
  const rows = await rawRows<{ at: string | null }>(
    sql,
    `SELECT min(CASE WHEN claimed_until > ? THEN claimed_until ELSE next_at END) AS at FROM tier_state
     WHERE next_at IS NOT NULL AND ${LANE} IN (${lanes.map(() => '?').join(', ')})`,
    [storedInstant(now), ...lanes],
  );
  const at = rows[0]?.at ?? null;
  return at === null ? null : new Date(at);
}

/** How many directories are stale, failing and fresh: the worst of its tiers speaks for a directory. */
export async function countFreshness(sql: Sql): Promise<{ fresh: number; failing: number; stale: number }> {
  const rows = await rawRows<{ worst: number; n: number | string }>(
    sql,
    `SELECT worst, count(*) AS n FROM (
       SELECT max(CASE WHEN stale_since IS NOT NULL THEN 2 WHEN failures > 0 THEN 1 ELSE 0 END) AS worst
       FROM tier_state WHERE directory_id <> '' AND (next_at IS NOT NULL OR stale_since IS NOT NULL)
       GROUP BY tenant_id, directory_id
     ) AS directories GROUP BY worst`,
  );
  const countOf = (worst: number): number => Number(rows.find((row) => row.worst === worst)?.n ?? 0);
  return { fresh: countOf(0), failing: countOf(1), stale: countOf(2) };
}

/** True where a tier runs by itself. */
export async function isTierOn(sql: Sql, { tenantId, directoryId, tier }: TierKey): Promise<boolean> {
  const key = { tenant_id: tenantId, directory_id: directoryId, tier };
  return (await sql('tier_state').where(key).whereNotNull('next_at').first('tier')) !== undefined;
}

/** Whose tiers. */
type Place = Pick<TierKey, 'tenantId' | 'directoryId'>;

/**
 * Makes the whole read of a directory due at once, but for one that is off, fails, or began not long ago: nobody gains by
 * a source that is read whole again and again.
 */
export async function askForFull(sql: Sql, { tenantId, directoryId }: Place, now: Date): Promise<void> {
  const at = storedInstant(now);
  await rawRows(
    sql,
    `UPDATE tier_state SET next_at = ? WHERE tenant_id = ? AND directory_id = ? AND tier = 'full' AND next_at > ?
       AND failures = 0 AND (last_started_at IS NULL OR last_started_at <= ?) RETURNING tier`,
    [at, tenantId, directoryId, at, storedInstant(new Date(now.getTime() - ASKED_EVERY_MS))],
  );
}

/** A run found changes of which the source should have told. */
export async function countMissed(sql: Sql, { tenantId, directoryId }: Place): Promise<void> {
  await sql('tier_state')
    .where({ tenant_id: tenantId, directory_id: directoryId, tier: 'notification' })
    .increment('missed', 1);
}

/** The source was heard; where it told of something new, that is due at once. */
export async function hearNotification(
  sql: Sql,
  { tenantId, directoryId }: Place,
  { now, isNews }: { now: Date; isNews: boolean },
): Promise<void> {
  const at = storedInstant(now);
  await sql('tier_state')
    .where({ tenant_id: tenantId, directory_id: directoryId, tier: 'notification' })
    .update({ fresh_at: at, missed: 0, ...(isNews ? { next_at: at } : {}) } satisfies Partial<TierStateRow>);
}

/** All tiers of a tenant, or of everybody. */
export async function listTierStates(sql: Sql, tenantId?: string): Promise<TierStateRow[]> {
  const query = sql<TierStateRow>('tier_state').orderBy(['tenant_id', 'directory_id', 'tier']);
  return tenantId === undefined ? query : query.where({ tenant_id: tenantId });
}
