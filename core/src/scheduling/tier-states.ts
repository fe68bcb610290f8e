import { storedInstant } from '../model/instants.js';
import type { Store } from '../store/store.js';
import { deleteRows, rawRows, updateRows, upsertRows, type Sql } from '../store/table.js';
import { backOffMs } from './back-off.js';
import { nextRun, parseSchedule } from './schedule.js';
import { TIER_STATE, type TierStateRow } from './tables.js';
import type { DueTier, TierKey, TierResult, WantedTier } from './tier.js';

/** A process that took a tier and died is waited for so long; a run that takes longer holds its lease all the same. */
const CLAIM_MS = 10 * 60_000;
/** When a tier is looked at again whose directory another process was at work on. */
const BUSY_MS = 60_000;
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
  for (const tier of wanted) {
    const row = known.get(nameOf(tier));
    known.delete(nameOf(tier));
    if (row === undefined) fresh.push(scheduled(blank(tier, now), tier, now));
    else if (isOther(row, tier, now)) changed.push(scheduled(row, tier, now));
  }
  if (fresh.length + changed.length + known.size === 0) return;
  await store.write('sweep', async (sql) => {
    await upsertRows(sql, TIER_STATE, fresh, []);
    // A claim that another process made meanwhile stands.
    await updateRows(sql, TIER_STATE, ['schedule', 'next_at'], changed);
    await deleteRows(sql, TIER_STATE, [...known.values()]);
  });
}

/** After a failure the clock keeps its distance; while it is worked on, its end says what comes next. */
function isOther(row: TierStateRow, tier: WantedTier, now: Date): boolean {
  if (tier.tier !== 'clock') return row.schedule !== tier.schedule;
  const at = storedInstant(now);
  const isFree = row.failures === 0 && (row.claimed_until === null || row.claimed_until <= at);
  const isDue = (instant: string | null): boolean => instant !== null && instant <= at;
  return isFree && row.next_at !== tier.clockAt && !(isDue(row.next_at) && isDue(tier.clockAt));
}

function blank({ tenantId, directoryId, tier, schedule }: WantedTier, now: Date): TierStateRow {
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
    fresh_at: null,
    stale_since: null,
  };
}

function scheduled(row: TierStateRow, tier: WantedTier, now: Date): TierStateRow {
  return { ...row, schedule: tier.schedule, next_at: tier.tier === 'clock' ? tier.clockAt : nextAt(row, tier, now) };
}

function nextAt(
  row: TierStateRow,
  { schedule, timeZone, directoryId }: Omit<WantedTier, 'clockAt'>,
  now: Date,
): string | null {
  const last = row.last_started_at === null ? null : Date.parse(row.last_started_at);
  const next = nextRun(parseSchedule(schedule), { directoryId, timeZone, last, now: now.getTime() });
  return next === null ? null : storedInstant(new Date(next));
}

/** Of each tenant at most `perTenant` tiers that are due, the longest waiting first. */
export async function dueTiers(sql: Sql, now: Date, perTenant: number): Promise<DueTier[]> {
  const at = storedInstant(now);
  const rows = await rawRows<TierStateRow>(
    sql,
    `SELECT * FROM (
       SELECT s.*, row_number() OVER (PARTITION BY s.tenant_id ORDER BY s.next_at, s.directory_id) AS place
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
  const planned = tier === 'clock' ? next : nextAt(row, wanted, now);
  await upsertRows(sql, TIER_STATE, [
    {
      ...row,
      next_at: pushedBack(planned, result, failures, now),
      claimed_until: null,
      failures,
      last_ended_at: storedInstant(now),
      last_outcome: result.outcome,
      last_code: result.code,
      fresh_at: result.complete ? row.last_started_at : row.fresh_at,
    },
  ]);
}

/** A directory that another process was at work on has not failed. */
function failuresAfter(row: TierStateRow, { outcome }: TierResult): number {
  if (outcome === 'busy' || outcome === 'superseded') return row.failures;
  return outcome === 'failed' || outcome === 'stopped' ? row.failures + 1 : 0;
}

function pushedBack(planned: string | null, result: TierResult, failures: number, now: Date): string | null {
  const after = (ms: number): string => storedInstant(new Date(now.getTime() + ms));
  if (result.outcome === 'busy') return after(BUSY_MS);
  if (result.outcome === 'interrupted') return after(0);
  if (failures === 0) return planned !== null && planned <= storedInstant(now) ? after(LEAST_MS) : planned;
  return after(backOffMs({ failures, needsPerson: result.needsPerson, retryAfterMs: result.retryAfterMs }));
}

/** The earliest instant at which a tier that nobody works on is due; null: none is. */
export async function earliestDue(sql: Sql, now: Date): Promise<Date | null> {
  const rows = await rawRows<{ at: string | null }>(
    sql,
    'SELECT min(CASE WHEN claimed_until > ? THEN claimed_until ELSE next_at END) AS at FROM tier_state WHERE next_at IS NOT NULL',
    [storedInstant(now)],
  );
  const at = rows[0]?.at ?? null;
  return at === null ? null : new Date(at);
}

/** How many tiers of directories are stale, failing and fresh. */
export async function countFreshness(sql: Sql): Promise<{ fresh: number; failing: number; stale: number }> {
  const rows = await rawRows<Record<'all' | 'stale' | 'failing', number | string | null>>(
    sql,
    `SELECT count(*) AS "all", sum(CASE WHEN stale_since IS NOT NULL THEN 1 ELSE 0 END) AS stale,
       sum(CASE WHEN stale_since IS NULL AND failures > 0 THEN 1 ELSE 0 END) AS failing
     FROM tier_state WHERE directory_id <> '' AND next_at IS NOT NULL`,
  );
  const [all, stale, failing] = (['all', 'stale', 'failing'] as const).map((name) => Number(rows[0]?.[name] ?? 0));
  return { fresh: (all ?? 0) - (stale ?? 0) - (failing ?? 0), failing: failing ?? 0, stale: stale ?? 0 };
}

/** All tiers of a tenant, or of everybody. */
export async function listTierStates(sql: Sql, tenantId?: string): Promise<TierStateRow[]> {
  const query = sql<TierStateRow>('tier_state').orderBy(['tenant_id', 'directory_id', 'tier']);
  return tenantId === undefined ? query : query.where({ tenant_id: tenantId });
}
