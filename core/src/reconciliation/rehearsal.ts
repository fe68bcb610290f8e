import type { Store } from '../store/store.js';
import type { Sql } from '../store/table.js';
import type { Lane } from '../store/writer-queue.js';
import type { Directory } from '../tenancy/directories.js';
import { BATCH, type Pass } from './consequence-pass.js';
import type { Effects } from './effects.js';
import type { Job } from './engine.js';
import { guardedPass, type GuardedWork } from './guarded-pass.js';
import { impactOf } from './impact.js';
import type { ImpactDocument } from '../model/documents.js';
import { RunReport } from './run-report.js';
import type { TenantContext } from './tenant-context.js';
import { vanishedOnce } from './vanished.js';

/** What a rehearsed pass would do. */
export interface Rehearsed {
  report: RunReport;
  impact: ImpactDocument[];
}

/** What is rehearsed. */
export type RehearsedWork = GuardedWork & { trigger: string; tier: string; watch?: (effects: Effects) => void };

/** What waits to be drawn, as far as its size is known beforehand. */
export interface Pending {
  tenantId: string;
  directoryIds: readonly string[];
  /** People who are drawn whatever is marked. */
  users?: number;
  /** True: whole directories are drawn again. */
  isWide?: boolean;
}

/** Rehearses in the store where that is done at once, else apart from those who write meanwhile. */
export async function rehearseIn<T>(
  store: Store,
  lane: Lane,
  pending: Pending,
  task: (sql: Sql) => Promise<T>,
): Promise<T> {
  const isLong = pending.isWide === true || (await store.read((sql) => isManyPending(sql, pending)));
  return isLong ? store.rehearseApart(lane, task) : store.rehearse(lane, task);
}

async function isManyPending(sql: Sql, { tenantId, directoryIds, users = 0 }: Pending): Promise<boolean> {
  if (users >= BATCH) return true;
  const marked = (await sql('source_record')
    .where({ tenant_id: tenantId })
    .whereIn('directory_id', directoryIds)
    .whereNotNull('dirty')
    .limit(BATCH)
    .select('id')) as unknown[];
  return marked.length + users >= BATCH;
}

/**
 * Runs a guarded pass inside a transaction that will not be kept: the very code that a sync runs, so that a plan cannot
 * say something else than what happens. What a guard would hold is shown too, marked as held.
 */
export async function rehearse(sql: Sql, job: Job, context: TenantContext, work: RehearsedWork): Promise<Rehearsed> {
  await sql.raw('SAVEPOINT rehearsal');
  const first = await rehearseOnce(sql, job, context, work);
  if (first.report.document.held.length === 0) return first;
  await sql.raw('ROLLBACK TO SAVEPOINT rehearsal');
  const all = await rehearseOnce(sql, job, context, { ...work, approved: true });
  await sql.raw('ROLLBACK TO SAVEPOINT rehearsal');
  const again = await rehearseOnce(sql, job, context, work);
  const through = new Set(again.impact.map((row) => row.inputs));
  const held = all.impact.filter((row) => !through.has(row.inputs)).map((row) => ({ ...row, held: true as const }));
  return { report: again.report, impact: [...again.impact, ...held] };
}

async function rehearseOnce(sql: Sql, job: Job, context: TenantContext, work: RehearsedWork): Promise<Rehearsed> {
  const directory: Directory | null = work.directory;
  const report = new RunReport(job.engine, {
    tenant: context.tenantId,
    directory: directory?.name ?? null,
    trigger: work.trigger,
    tier: work.tier,
    shadow: directory?.mode === 'shadow',
  });
  const impact: ImpactDocument[] = [];
  const pass: Pass = {
    context,
    report,
    cause: {
      runId: report.runId,
      trigger: work.trigger,
      directory: directory?.name ?? null,
      override: null,
      review: null,
    },
    vanished: vanishedOnce(context.tenantId),
    transact: (task) => task(sql),
    observe: (task) => task(sql),
    signal: job.signal,
    watch: (effects) => {
      impact.push(...impactOf(effects));
      work.watch?.(effects);
    },
    progress: (done) => {
      job.progress({ tenant: context.tenantId, directory: directory?.name ?? null, phase: 'plan', done });
    },
  };
  await guardedPass(pass, work);
  return { report, impact };
}

/** The context as it would be with the directory live: what a shadow directory shows. */
export function asLive(context: TenantContext, directory: Directory): TenantContext {
  const directories = context.directories.map((entry) =>
    entry.id === directory.id ? { ...entry, mode: 'live' as const } : entry,
  );
  return {
    ...context,
    directories,
    byId: new Map(directories.map((entry) => [entry.id, entry])),
    byName: new Map(directories.map((entry) => [entry.name, entry])),
  };
}
