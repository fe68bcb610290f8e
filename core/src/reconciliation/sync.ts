import { RollcallError } from '@rollcall/connector-kit';
import type { SyncOptions } from '../api.js';
import type { DueDocument, RunDocument, SyncDocument } from '../model/documents.js';
import { storedInstant } from '../model/instants.js';
import { laneOf, writerLaneOf } from '../scheduling/lanes.js';
import type { TierName } from '../scheduling/tier.js';
import { applyConsequences } from './apply-consequences.js';
import { applyFastConsequences } from './apply-fast-consequences.js';
import { listedUsers, type Pass } from './consequence-pass.js';
import { findDueUsers } from './due.js';
import type { Job } from './engine.js';
import { failure, runErrorBody } from './error-body.js';
import { exitCodeOfDue, exitCodeOfRun, worstExit } from './exit-code.js';
import { guardedPass } from './guarded-pass.js';
import { openRedos, redoSeeds, rewriteAllKeys } from './redo.js';
import { runDirectory, type EndedRun } from './run-directory.js';
import { noCounts, RunReport } from './run-report.js';
import { storeRun } from './run-store.js';
import type { RedoRow } from './tables.js';
import { advanceTenantClock } from './tenant-clock.js';
import type { TenantContext } from './tenant-context.js';
import { countQuarantined } from '../sources/quarantine.js';
import type { Directory } from '../tenancy/directories.js';
import { vanishedOnce } from './vanished.js';

/** Nothing is due. */
export function nothingDue(): DueDocument {
  return { users: 0, runId: null, held: [], events: null, changes: noCounts() };
}

/** Brings one tenant up to date: what is due by date, what is to be done again, then its directories in order. */
export async function syncTenant(job: Job, context: TenantContext, options: SyncOptions): Promise<SyncDocument> {
  const chosen = chooseDirectories(context, options.directories);
  const now = storedInstant(job.engine.clock.now());
  await job.engine.store.writeOne(job.lane, (sql) =>
    advanceTenantClock(sql, context.tenantId, now, job.engine.givenClock),
  );
  const { due, runs } = await syncByClock(job, context, now);
  for (const directory of chosen) {
    runs.push(await runDirectory(job, context, directory, { full: options.full ?? false, draw: applyConsequences }));
    if (job.signal.aborted) break;
  }
  return {
    format: 'rollcall.sync/1',
    exitCode: worstExit([exitCodeOfDue(due), ...runs.map((run) => run.exitCode)]),
    due,
    runs: runs.map((run) => run.document),
    warnings: [],
  };
}

/** What needs no source: dates that have come, then what `apply` asked to be done again. */
async function syncByClock(
  job: Job,
  context: TenantContext,
  now: string,
): Promise<{ due: DueDocument; runs: EndedRun[] }> {
  return { due: await syncDue(job, context, now), runs: await workOffRedos(job, context) };
}

/** One tier of a tenant or of one of its directories, as the scheduler asks for it. */
export async function syncTier(
  asked: Job,
  context: TenantContext,
  { directory, tier }: { directory: Directory | null; tier: TierName },
): Promise<EndedRun[]> {
  const job = { ...asked, lane: writerLaneOf(tier) };
  const now = storedInstant(job.engine.clock.now());
  await job.engine.store.writeOne(job.lane, (sql) =>
    advanceTenantClock(sql, context.tenantId, now, job.engine.givenClock),
  );
  if (directory === null) return (await syncByClock(job, context, now)).runs;
  const draw = laneOf(tier) === 'fast' ? applyFastConsequences : applyConsequences;
  return [await runDirectory(job, context, directory, { full: false, tier, trigger: tier, draw })];
}

/** The named directories, or all, in the order of the tenant's file. */
export function chooseDirectories(context: TenantContext, names: readonly string[] | undefined): readonly Directory[] {
  if (names === undefined || names.length === 0)
    return context.directories.filter((directory) => directory.mode !== 'retired');
  for (const name of names) if (!context.byName.has(name)) throw directoryUnknown(context, name);
  return context.directories.filter((directory) => names.includes(directory.name));
}

/** @returns the error for a directory that the tenant does not have. */
export function directoryUnknown(context: TenantContext, name: string): RollcallError {
  return new RollcallError('RC_DIRECTORY_UNKNOWN', 64, 'stop', {
    what: `The tenant ${context.tenantId} has no directory "${name}".`,
    where: { tenant: context.tenantId },
    mend: `Use one of: ${context.directories.map((directory) => directory.name).join(', ')}.`,
  });
}

/** A run of the tenant that reads nothing: users or records are looked at again for a reason of ours. */
export async function tenantPass(
  job: Job,
  context: TenantContext,
  report: RunReport,
  work: Parameters<typeof guardedPass>[1] & {
    directoryId: string | null;
    override?: string | null;
    review?: string | null;
  },
): Promise<RunDocument> {
  const { store } = job.engine;
  const pass: Pass = {
    context,
    report,
    cause: {
      runId: report.runId,
      trigger: report.trigger,
      directory: work.directory?.name ?? null,
      override: work.override ?? null,
      review: work.review ?? null,
    },
    vanished: vanishedOnce(context.tenantId),
    transact: (task) => store.write(job.lane, task),
    observe: (task) => store.read(task),
    signal: job.signal,
    progress: (done) => {
      job.progress({ tenant: context.tenantId, directory: work.directory?.name ?? null, phase: report.trigger, done });
    },
  };
  await store.write(job.lane, (sql) => storeRun(sql, work.directoryId, report.document, false));
  await guardedPass(pass, work);
  report.noteComplete(true);
  if (work.directory !== null) await noteQuarantined(job, context, work.directory, report);
  const document = report.end('finished');
  await store.write(job.lane, (sql) => storeRun(sql, work.directoryId, document, true, report.guardCounts));
  return document;
}

async function syncDue(job: Job, context: TenantContext, now: string): Promise<DueDocument> {
  const users = await job.engine.store.read((sql) => findDueUsers(sql, context.tenantId, now));
  if (users.length === 0) return nothingDue();
  const report = new RunReport(job.engine, {
    tenant: context.tenantId,
    directory: null,
    trigger: 'clock',
    tier: 'due',
    shadow: false,
  });
  const run = await tenantPass(job, context, report, {
    directory: null,
    directoryId: null,
    next: () => listedUsers(users),
    first: false,
  });
  return { users: users.length, runId: run.runId, held: run.held, events: run.events, changes: run.changes };
}

async function noteQuarantined(
  job: Job,
  context: TenantContext,
  directory: Directory,
  report: RunReport,
): Promise<void> {
  const count = await job.engine.store.read((sql) => countQuarantined(sql, context.tenantId, directory.id));
  report.document.records.quarantined = count;
}

/** A run of the tenant that failed says so in its document; what comes after it goes on. */
async function failedPass(job: Job, report: RunReport, directoryId: string | null, error: unknown): Promise<EndedRun> {
  const { tenant, directory } = report.document;
  const { outcome, exitCode } = failure(error, job.signal);
  const document = report.end(
    outcome,
    runErrorBody(error, job.signal, { tenant, ...(directory === null ? {} : { directory }) }),
  );
  await job.engine.store.write(job.lane, (sql) => storeRun(sql, directoryId, document, true, report.guardCounts));
  return { document, exitCode };
}

/** What `apply` asked to be done again comes before anything is read, as runs of their own. */
export async function workOffRedos(job: Job, context: TenantContext): Promise<EndedRun[]> {
  const redos = await job.engine.store.read((sql) => openRedos(sql, context.tenantId));
  const ended: EndedRun[] = [];
  for (const redo of redos) ended.push(await workOff(job, context, redo));
  return ended;
}

/** Works off one redo, as a run of its own. */
export async function workOff(job: Job, context: TenantContext, redo: RedoRow): Promise<EndedRun> {
  const directory = redo.directory_id === null ? null : (context.byId.get(redo.directory_id) ?? null);
  const report = new RunReport(job.engine, {
    tenant: context.tenantId,
    directory: directory?.name ?? null,
    trigger: redo.trigger,
    tier: 'rederive',
    shadow: false,
  });
  try {
    if (redo.trigger === 'rules') await rewriteAllKeys((task) => job.engine.store.write(job.lane, task), context, redo);
    const document = await tenantPass(job, context, report, {
      directory,
      directoryId: redo.directory_id,
      next: (dry) => redoSeeds(context, redo, { dry, now: () => report.now() }),
      closes: true,
      first: false,
    });
    return { document, exitCode: exitCodeOfRun(document, null) };
  } catch (error) {
    return failedPass(job, report, redo.directory_id, error);
  }
}
