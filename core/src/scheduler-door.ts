import type { Capabilities } from '@rollcall/connector-kit';
import { groupBy } from './model/group-by.js';
import { storedInstant } from './model/instants.js';
import type { WrittenSchedule } from './model/schedules.js';
import { directoriesById } from './reading/directory-names.js';
import type { Engine, Job } from './reconciliation/engine.js';
import type { EndedRun } from './reconciliation/run-directory.js';
import { hasTurned, judgeFreshness } from './reconciliation/freshness.js';
import { judgeSpending } from './reconciliation/spending.js';
import { syncTier } from './reconciliation/sync.js';
import type { TenantContext } from './reconciliation/tenant-context.js';
import { SCHEDULES, tiersOf, type ScheduledTier } from './scheduling/defaults.js';
import { writerLaneOf, type RunLane } from './scheduling/lanes.js';
import { Scheduler, type SchedulerOptions, type SchedulerPort } from './scheduling/scheduler.js';
import {
  claimTier,
  dueTiers,
  earliestDue,
  listTierStates,
  refreshTiers,
  settleTier,
} from './scheduling/tier-states.js';
import type { DueTier, TierResult, WantedTier } from './scheduling/tier.js';
import { wantsAny } from './sources/wanted-reads.js';
import { rawRows, type Sql } from './store/table.js';
import { lockTenant } from './tenancy/lock-tenant.js';

/** What the scheduler needs of a running Rollcall. */
export interface SchedulerParts {
  engine: Engine;
  job(signal: AbortSignal): Job;
  context(tenant: string): Promise<TenantContext | null>;
  /** @throws where the connector is broken or gone. */
  capabilities(connector: string): Promise<Capabilities>;
  /** Draws what processes left that died between a push and its consequences. */
  takeOverPushes(): Promise<void>;
}

interface LiveDirectory {
  tenant_id: string;
  directory_id: string;
  name: string;
  connector: string;
  schedule: string;
  time_zone: string;
  last_push_at: string | null;
  /** 1: something is to be read because its source told of it, or by itself. */
  wants: number;
}

/** Makes the scheduler of an installation: it keeps every applied tenant current until it is stopped. */
export function openScheduler(parts: SchedulerParts, options: SchedulerOptions): Scheduler {
  return new Scheduler(new InstallationPort(parts), options);
}

class InstallationPort implements SchedulerPort {
  readonly #parts: SchedulerParts;
  /** Zones by directory, as the last refresh saw them. */
  #zones = new Map<string, string>();

  constructor(parts: SchedulerParts) {
    this.#parts = parts;
  }

  async refresh(): Promise<void> {
    const { store } = this.#parts.engine;
    const live = await store.read(liveDirectories);
    const tenants = await store.read(tenantClocks);
    const now = this.#parts.engine.clock.now();
    const wanted: WantedTier[] = tenants.map(({ id, at }) => ({
      tenantId: id,
      directoryId: '',
      tier: 'clock',
      schedule: '',
      timeZone: 'UTC',
      dueAt: at === null ? null : clockAt(at, now),
      pushedAt: null,
    }));
    for (const row of live) wanted.push(...(await this.#wantedTiers(row, now)));
    this.#zones = new Map(live.map((row) => [row.directory_id, row.time_zone]));
    await refreshTiers(store, wanted, now);
    await this.#judge(now);
    await this.#parts.takeOverPushes();
    await this.#judgeSpending(live, now);
  }

  async #wantedTiers(row: LiveDirectory, now: Date): Promise<WantedTier[]> {
    return (await this.#tiersOf(row)).map(({ tier, schedule }) => ({
      tenantId: row.tenant_id,
      directoryId: row.directory_id,
      tier,
      schedule,
      timeZone: row.time_zone,
      dueAt: tier === 'notification' && row.wants === 1 ? storedInstant(now) : null,
      pushedAt: tier === 'push' ? row.last_push_at : null,
    }));
  }

  /** A connector that is broken or gone shows in the runs of its own directories; it keeps nobody else's waiting. */
  async #tiersOf({ connector, schedule }: LiveDirectory): Promise<ScheduledTier[]> {
    const written = JSON.parse(schedule) as WrittenSchedule;
    try {
      return tiersOf(await this.#parts.capabilities(connector), written);
    } catch {
      return [{ tier: 'full', schedule: written.full ?? SCHEDULES.whole }];
    }
  }

  /** Alarms, a transaction a tenant: one tenant's trouble is not another's, and of two processes one raises them. */
  async #judge(now: Date): Promise<void> {
    const { store, ids } = this.#parts.engine;
    const rows = await store.read((sql) => listTierStates(sql));
    for (const tenantId of new Set(rows.filter((row) => hasTurned(row, now)).map((row) => row.tenant_id))) {
      await store.write('sweep', async (sql) => {
        await lockTenant(sql, tenantId);
        const directories = await directoriesById(sql, tenantId);
        const names = new Map([...directories.values()].map((directory) => [directory.id, directory.name]));
        await judgeFreshness(sql, { tenantId, ids, now, names }, await listTierStates(sql, tenantId));
      });
    }
  }

  async #judgeSpending(live: readonly LiveDirectory[], now: Date): Promise<void> {
    const { store, ids } = this.#parts.engine;
    const budgeted = live.flatMap(({ tenant_id, directory_id, name, schedule }) => {
      const { requestsPerDay } = JSON.parse(schedule) as WrittenSchedule;
      return requestsPerDay === undefined ? [] : [{ tenant_id, directoryId: directory_id, name, requestsPerDay }];
    });
    for (const [tenantId, ofTenant] of groupBy(budgeted, (entry) => entry.tenant_id))
      await store.write('sweep', async (sql) => {
        await lockTenant(sql, tenantId);
        await judgeSpending(sql, { tenantId, ids, now }, ofTenant);
      });
  }

  due(perTenant: number): Promise<DueTier[]> {
    return this.#parts.engine.store.read((sql) => dueTiers(sql, this.#parts.engine.clock.now(), perTenant));
  }

  claim(tier: DueTier): Promise<boolean> {
    const { store, clock } = this.#parts.engine;
    return store.writeOne(writerLaneOf(tier.tier), (sql) => claimTier(sql, tier, clock.now()));
  }

  async run(tier: DueTier, signal: AbortSignal): Promise<TierResult> {
    try {
      const context = await this.#parts.context(tier.tenantId);
      const directory = tier.directoryId === '' ? null : (context?.byId.get(tier.directoryId) ?? null);
      if (context === null || (directory === null && tier.tier !== 'clock')) return NOTHING;
      return resultOf(await syncTier(this.#parts.job(signal), context, { directory, tier: tier.tier }));
    } catch (error) {
      this.#parts.engine.log.error('A scheduled run could not begin.', {
        tenant: tier.tenantId,
        directoryId: tier.directoryId,
        error: error instanceof Error ? error.message : String(error),
      });
      return { ...NOTHING, outcome: 'failed', code: 'RC_UNEXPECTED' };
    }
  }

  async settle(tier: DueTier, result: TierResult): Promise<void> {
    const { store, clock } = this.#parts.engine;
    const now = clock.now();
    const timeZone = this.#zones.get(tier.directoryId) ?? 'UTC';
    await store.write(writerLaneOf(tier.tier), async (sql) => {
      const next = await nextByNeed(sql, tier, now);
      await settleTier(sql, { ...tier, timeZone }, result, { now, next });
    });
  }

  async untilNext(lanes: readonly RunLane[]): Promise<number | null> {
    const { store, clock } = this.#parts.engine;
    const now = clock.now();
    const at = await store.read((sql) => earliestDue(sql, now, lanes));
    return at === null ? null : at.getTime() - now.getTime();
  }
}

const NOTHING: TierResult = {
  outcome: 'skipped',
  complete: false,
  code: null,
  needsPerson: false,
  retryAfterMs: null,
};

/** The worst of the runs says how it went. */
function resultOf(runs: readonly EndedRun[]): TierResult {
  const bad = runs.find(({ document }) => document.error !== null);
  const last = bad ?? runs.at(-1);
  if (last === undefined) return { ...NOTHING, outcome: 'finished' };
  const { outcome, complete, error } = last.document;
  const { needsPerson = false, retryAfterMs = null } = last.retry ?? {};
  return { outcome, complete, code: error?.code ?? null, needsPerson, retryAfterMs };
}

/** What is asked to be done again is due at once, a date when it has come. */
function clockAt(at: string, now: Date): string {
  return at === '' ? storedInstant(now) : at;
}

/** When what follows no schedule is due again. */
async function nextByNeed(sql: Sql, { tier, tenantId, directoryId }: DueTier, now: Date): Promise<string | null> {
  if (tier === 'notification') return (await wantsAny(sql, tenantId, directoryId)) ? storedInstant(now) : null;
  const [clockRow] = tier === 'clock' ? await tenantClocks(sql, tenantId) : [];
  return clockRow?.at == null ? null : clockAt(clockRow.at, now);
}

/** When each tenant is due by the clock: the empty text stands for at once, null for never. */
function tenantClocks(sql: Sql, tenantId?: string): Promise<{ id: string; at: string | null }[]> {
  return rawRows(
    sql,
    `SELECT t.id, CASE
         WHEN EXISTS (SELECT 1 FROM redo AS r WHERE r.tenant_id = t.id AND r.done_at IS NULL) THEN ''
         ELSE (SELECT min(d.at) FROM due AS d WHERE d.tenant_id = t.id) END AS at
       FROM tenant AS t${tenantId === undefined ? '' : ' WHERE t.id = ?'} ORDER BY t.id`,
    tenantId === undefined ? [] : [tenantId],
  );
}

function liveDirectories(sql: Sql): Promise<LiveDirectory[]> {
  return rawRows(
    sql,
    `SELECT d.tenant_id, d.id AS directory_id, d.name, d.connector, d.schedule, t.time_zone, d.last_push_at,
         CASE WHEN EXISTS (SELECT 1 FROM wanted_read AS w WHERE w.tenant_id = d.tenant_id AND w.directory_id = d.id)
           THEN 1 ELSE 0 END AS wants
       FROM directory AS d JOIN tenant AS t ON t.id = d.tenant_id
       WHERE d.mode IN ('live', 'shadow') AND d.paused = 0 ORDER BY d.tenant_id, d.position`,
  );
}
