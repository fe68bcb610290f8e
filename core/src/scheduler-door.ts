import type { Capabilities } from '@rollcall/connector-kit';
import { storedInstant } from './model/instants.js';
import { directoriesById } from './reading/directory-names.js';
import type { Engine, Job } from './reconciliation/engine.js';
import type { EndedRun } from './reconciliation/run-directory.js';
import { hasTurned, judgeFreshness } from './reconciliation/freshness.js';
import { syncTier } from './reconciliation/sync.js';
import type { TenantContext } from './reconciliation/tenant-context.js';
import { defaultSchedule, SCHEDULES } from './scheduling/defaults.js';
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
  connector: string;
  schedule: string;
  time_zone: string;
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
      clockAt: at === null ? null : clockAt(at, now),
    }));
    for (const row of live) wanted.push(await this.#wantedTier(row));
    this.#zones = new Map(live.map((row) => [row.directory_id, row.time_zone]));
    await refreshTiers(store, wanted, now);
    await this.#judge(now);
    await this.#parts.takeOverPushes();
  }

  async #wantedTier(row: LiveDirectory): Promise<WantedTier> {
    const written = JSON.parse(row.schedule) as { full?: string };
    return {
      tenantId: row.tenant_id,
      directoryId: row.directory_id,
      tier: 'full',
      schedule: written.full ?? (await this.#defaultOf(row.connector)),
      timeZone: row.time_zone,
      clockAt: null,
    };
  }

  /** A connector that is broken or gone shows in the runs of its own directories; it keeps nobody else's waiting. */
  async #defaultOf(connector: string): Promise<string> {
    try {
      return defaultSchedule(await this.#parts.capabilities(connector));
    } catch {
      return SCHEDULES.whole;
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

  due(perTenant: number): Promise<DueTier[]> {
    return this.#parts.engine.store.read((sql) => dueTiers(sql, this.#parts.engine.clock.now(), perTenant));
  }

  claim(tier: DueTier): Promise<boolean> {
    const { store, clock } = this.#parts.engine;
    return store.writeOne('sweep', (sql) => claimTier(sql, tier, clock.now()));
  }

  async run(tier: DueTier, signal: AbortSignal): Promise<TierResult> {
    try {
      const context = await this.#parts.context(tier.tenantId);
      const directory = tier.directoryId === '' ? null : (context?.byId.get(tier.directoryId) ?? null);
      if (context === null || (directory === null && tier.tier !== 'clock')) return NOTHING;
      return resultOf(await syncTier(this.#parts.job(signal), context, directory));
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
    await store.write('sweep', async (sql) => {
      const [clockRow] = tier.tier === 'clock' ? await tenantClocks(sql, tier.tenantId) : [];
      const next = clockRow?.at == null ? null : clockAt(clockRow.at, now);
      await settleTier(sql, { ...tier, timeZone }, result, { now, next });
    });
  }

  async untilNext(): Promise<number | null> {
    const { store, clock } = this.#parts.engine;
    const now = clock.now();
    const at = await store.read((sql) => earliestDue(sql, now));
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
    `SELECT d.tenant_id, d.id AS directory_id, d.connector, d.schedule, t.time_zone
       FROM directory AS d JOIN tenant AS t ON t.id = d.tenant_id
       WHERE d.mode IN ('live', 'shadow') AND d.paused = 0 ORDER BY d.tenant_id, d.position`,
  );
}
