import type { PlanOptions as AskedPlan } from '../api.js';
import type { PlanDocument, PlanRunDocument, RunDocument } from '../model/documents.js';
import { storedInstant } from '../model/instants.js';
import { countQuarantined } from '../sources/quarantine.js';
import type { Sql } from '../store/table.js';
import type { Directory } from '../tenancy/directories.js';
import { listedUsers, markedRecords } from './consequence-pass.js';
import { findDueUsers } from './due.js';
import type { Effects } from './effects.js';
import type { Job } from './engine.js';
import { worstExit } from './exit-code.js';
import { openRedos, redoSeeds, rewriteAllKeys } from './redo.js';
import { asLive, rehearse, rehearseIn, type Pending, type Rehearsed } from './rehearsal.js';
import { runDirectory, type EndedRun } from './run-directory.js';
import { noCounts } from './run-report.js';
import { chooseDirectories, nothingDue } from './sync.js';
import type { RedoRow } from './tables.js';
import { advanceTenantClock } from './tenant-clock.js';
import type { TenantContext } from './tenant-context.js';

/** A plan in the making; `watch` sees the effects of every batch, for `apply FILE`. */
export interface PlanOptions extends AskedPlan {
  /** Leave the sources alone: only what is pending already. */
  readNothing?: boolean;
  /** A person decided: nothing is held. */
  approved?: boolean;
  watch?: (effects: Effects, directory: Directory | null) => void;
}

/**
 * Reads and keeps evidence, and shows its consequences without drawing them: they are rehearsed in the order in which
 * `sync` would draw them, in one transaction that is not kept.
 */
export async function planTenant(job: Job, context: TenantContext, options: PlanOptions): Promise<PlanDocument> {
  const chosen = chooseDirectories(context, options.directories);
  const now = storedInstant(job.engine.clock.now());
  await job.engine.store.writeOne(job.lane, (sql) =>
    advanceTenantClock(sql, context.tenantId, now, job.engine.givenClock),
  );
  const read: EndedRun[] = [];
  if (options.readNothing !== true) {
    for (const directory of chosen)
      read.push(
        await runDirectory(job, context, directory, { full: options.full ?? false, draw: () => Promise.resolve() }),
      );
  }
  // What another process is at work on is not ours to show half-way.
  const busy = read.filter((run) => run.document.outcome === 'busy').map((run) => run.document);
  const free = chosen.filter(({ name }) => !busy.some((run) => run.directory === name));
  const rehearsal = await rehearseIn(job.engine.store, job.lane, await pendingOf(job, context, free, now), (sql) =>
    rehearseAll(sql, job, context, { ...options, chosen: free, now }),
  );
  const runs = [
    ...rehearsal.redos,
    ...busy.map((run) => withoutConsequences(run)),
    ...rehearsal.directories.map((entry) => planRun(entry, read)),
  ];
  const codes = read.map((run) => (run.document.outcome === 'finished' ? 0 : run.exitCode));
  const changes = [rehearsal.due.impact, ...runs.map((run) => run.impact)].flat().filter((row) => row.held !== true);
  if (options.detailedExitCode === true && changes.length > 0) codes.push(2);
  return { format: 'rollcall.plan/1', exitCode: worstExit(codes), due: rehearsal.due, runs, warnings: [] };
}

function pendingOf(
  { engine }: Job,
  { tenantId }: TenantContext,
  chosen: readonly Directory[],
  now: string,
): Promise<Pending> {
  return engine.store.read(async (sql) => ({
    tenantId,
    directoryIds: chosen.map(({ id }) => id),
    users: (await findDueUsers(sql, tenantId, now)).length,
    isWide: (await openRedos(sql, tenantId)).length > 0,
  }));
}

interface RehearsedDirectory {
  directory: Directory;
  rehearsed: Rehearsed;
  quarantined: number;
}

interface RehearsedTenant {
  due: PlanDocument['due'];
  redos: PlanRunDocument[];
  directories: RehearsedDirectory[];
}

async function rehearseAll(
  sql: Sql,
  job: Job,
  context: TenantContext,
  options: PlanOptions & { chosen: readonly Directory[]; now: string },
): Promise<RehearsedTenant> {
  const due = await rehearseDue(sql, job, context, options);
  const redos: PlanRunDocument[] = [];
  for (const redo of await openRedos(sql, context.tenantId))
    redos.push(await rehearseRedo(sql, job, context, redo, options));
  const directories: RehearsedDirectory[] = [];
  for (const directory of options.chosen)
    directories.push(await rehearseDirectory(sql, job, context, directory, options));
  return { due, redos, directories };
}

async function rehearseDue(
  sql: Sql,
  job: Job,
  context: TenantContext,
  options: PlanOptions & { now: string },
): Promise<PlanDocument['due']> {
  const users = await findDueUsers(sql, context.tenantId, options.now);
  if (users.length === 0) return { ...nothingDue(), wouldHold: [], impact: [] };
  const { report, impact } = await rehearse(sql, job, context, {
    directory: null,
    next: () => listedUsers(users),
    first: false,
    approved: options.approved ?? false,
    trigger: 'clock',
    tier: 'due',
    watch: (effects) => options.watch?.(effects, null),
  });
  const { changes, held } = report.document;
  return { users: users.length, runId: null, held: [], events: null, changes, wouldHold: held, impact };
}

/** One redo, as `sync` and `rederive` would work it off. */
export async function rehearseRedo(
  sql: Sql,
  job: Job,
  context: TenantContext,
  redo: RedoRow,
  options: PlanOptions = {},
): Promise<PlanRunDocument> {
  const directory = redo.directory_id === null ? null : (context.byId.get(redo.directory_id) ?? null);
  if (redo.trigger === 'rules') await rewriteAllKeys((task) => task(sql), context, redo);
  const { report, impact } = await rehearse(sql, job, context, {
    directory,
    next: (dry) => redoSeeds(context, redo, { dry, now: () => storedInstant(job.engine.clock.now()) }),
    closes: true,
    first: false,
    approved: options.approved ?? false,
    trigger: redo.trigger,
    tier: 'rederive',
    watch: (effects) => options.watch?.(effects, directory),
  });
  report.noteComplete(true);
  if (directory !== null)
    report.document.records.quarantined = await countQuarantined(sql, context.tenantId, directory.id);
  return asPlan(report.end('finished'), impact);
}

async function rehearseDirectory(
  sql: Sql,
  job: Job,
  context: TenantContext,
  directory: Directory,
  options: PlanOptions,
): Promise<RehearsedDirectory> {
  const seen = directory.mode === 'shadow' ? asLive(context, directory) : context;
  const rehearsed = await rehearse(sql, job, seen, {
    directory,
    next: (dry) => markedRecords(seen, directory.id, dry),
    first: directory.firstCompleteAt === null,
    approved: options.approved ?? false,
    trigger: 'manual',
    tier: 'full',
    watch: (effects) => options.watch?.(effects, directory),
  });
  return { directory, rehearsed, quarantined: await countQuarantined(sql, context.tenantId, directory.id) };
}

function withoutConsequences(run: RunDocument): PlanRunDocument {
  return { ...run, changes: noCounts(), wouldHold: [], impact: [] };
}

function asPlan(run: RunDocument, impact: PlanRunDocument['impact']): PlanRunDocument {
  return { ...run, runId: null, held: [], events: null, wouldHold: run.held, impact };
}

/** What was read, with what would come of it. */
function planRun(
  { directory, rehearsed, quarantined }: RehearsedDirectory,
  read: readonly EndedRun[],
): PlanRunDocument {
  const run = read.find((entry) => entry.document.directory === directory.name)?.document;
  const would = rehearsed.report.end('finished');
  if (run === undefined) return { ...asPlan(would, rehearsed.impact), complete: true };
  if (run.outcome === 'skipped' || run.outcome === 'failed') return withoutConsequences(run);
  return {
    ...run,
    records: { ...run.records, quarantined },
    changes: would.changes,
    conflicts: would.conflicts,
    wouldHold: would.held,
    impact: rehearsed.impact,
  };
}
