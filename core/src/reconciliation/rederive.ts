import type { PlanDocument, PlanRunDocument, SyncDocument } from '../model/documents.js';
import { storedInstant } from '../model/instants.js';
import { countQuarantined } from '../sources/quarantine.js';
import type { Rules } from '../model/rules.js';
import { matchKeys } from '../correlation/match-keys.js';
import type { Job } from './engine.js';
import { worstExit } from './exit-code.js';
import { rehearseRedo } from './plan.js';
import { rehearseIn } from './rehearsal.js';
import { askRedo, openRedos } from './redo.js';
import { chooseDirectories, nothingDue, workOff } from './sync.js';
import type { RedoRow } from './tables.js';
import { advanceTenantClock } from './tenant-clock.js';
import type { TenantContext } from './tenant-context.js';

/** Works off what is to be done again; without that, maps everything of the directories again. Fetches nothing. */
export async function rederive(
  job: Job,
  context: TenantContext,
  names: readonly string[] | undefined,
): Promise<SyncDocument> {
  await advance(job, context);
  const asked = await wantedRedos(job, context, names);
  const redos = asked.stored ? asked.redos : await storeRedos(job, context, asked.redos);
  const ended = [];
  for (const redo of redos) ended.push(await workOff(job, context, redo));
  return {
    format: 'rollcall.sync/1',
    exitCode: worstExit(ended.map((run) => run.exitCode)),
    due: nothingDue(),
    runs: ended.map((run) => run.document),
    warnings: [],
  };
}

/** Who would change; writes nothing. */
export async function rederivePlan(
  job: Job,
  context: TenantContext,
  names: readonly string[] | undefined,
  detailed: boolean,
): Promise<PlanDocument> {
  const { redos } = await wantedRedos(job, context, names);
  return planOfRedos(job, context, redos, detailed);
}

/** Plans other rules against everybody; saves nothing. */
export function planRules(job: Job, context: TenantContext, rules: Rules, detailed: boolean): Promise<PlanDocument> {
  const other: TenantContext = {
    ...context,
    rules,
    rulesVersion: context.rulesVersion + 1,
    keysOf: (claims) => matchKeys(claims, rules.correlation, context.catalogue),
  };
  return planOfRedos(job, other, [unstored(other, null, 'rules')], detailed);
}

async function planOfRedos(
  job: Job,
  context: TenantContext,
  redos: readonly RedoRow[],
  detailed: boolean,
): Promise<PlanDocument> {
  const pending = { tenantId: context.tenantId, directoryIds: [], isWide: redos.length > 0 };
  const warnings: PlanDocument['warnings'] = [];
  const runs = await rehearseIn(job.engine.store, job.lane, pending, async (sql) => {
    const planned: PlanRunDocument[] = [];
    for (const redo of redos) {
      const before = await countQuarantined(sql, context.tenantId, redo.directory_id ?? '');
      const run = await rehearseRedo(sql, job, context, redo);
      warnings.push(...unknownWarnings(run, run.records.quarantined - before));
      planned.push(run);
    }
    return planned;
  });
  const changes = runs.some((run) => run.impact.length > 0);
  return {
    format: 'rollcall.plan/1',
    exitCode: detailed && changes ? 2 : 0,
    due: { ...nothingDue(), wouldHold: [], impact: [] },
    runs,
    warnings,
  };
}

/** Nobody changes by a value that becomes unknown, so the impact alone would call a broken mapping harmless. */
function unknownWarnings({ directory }: PlanRunDocument, more: number): PlanDocument['warnings'] {
  if (more <= 0) return [];
  const message = `${more} more ${more === 1 ? 'record' : 'records'} of ${directory ?? 'the tenant'} would have attributes that cannot be mapped; their last good values would stay.`;
  return [{ code: 'RC_PLAN_UNKNOWN', message }];
}

async function wantedRedos(
  job: Job,
  context: TenantContext,
  names: readonly string[] | undefined,
): Promise<{ redos: RedoRow[]; stored: boolean }> {
  const chosen = chooseDirectories(context, names);
  const ids = new Set(chosen.map((directory) => directory.id));
  const all = await job.engine.store.read((sql) => openRedos(sql, context.tenantId));
  const open = all.filter((redo) => redo.directory_id === null || ids.has(redo.directory_id));
  if (open.length > 0) return { redos: open, stored: true };
  return { redos: chosen.map((directory) => unstored(context, directory.id, 'manual')), stored: false };
}

function unstored(context: TenantContext, directoryId: string | null, trigger: 'manual' | 'rules'): RedoRow {
  return {
    tenant_id: context.tenantId,
    id: context.ids.next('rdo'),
    directory_id: directoryId,
    trigger,
    cause: '{}',
    cursor: '',
    created_at: '',
    done_at: null,
  };
}

/** Stored before they are worked off, so that a crash half-way continues. */
async function storeRedos(job: Job, context: TenantContext, redos: readonly RedoRow[]): Promise<RedoRow[]> {
  const now = storedInstant(job.engine.clock.now());
  await job.engine.store.write(job.lane, async (sql) => {
    for (const redo of redos)
      await askRedo(
        sql,
        { tenantId: context.tenantId, id: redo.id },
        { directoryId: redo.directory_id, trigger: 'manual', detail: {} },
        now,
      );
  });
  return [...redos];
}

function advance(job: Job, context: TenantContext): Promise<void> {
  const now = storedInstant(job.engine.clock.now());
  return job.engine.store.write(job.lane, (sql) =>
    advanceTenantClock(sql, context.tenantId, now, job.engine.givenClock),
  );
}
