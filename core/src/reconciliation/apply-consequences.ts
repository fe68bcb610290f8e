import { rememberFirstComplete } from '../tenancy/directories.js';
import { markedRecords, type NextSeeds } from './consequence-pass.js';
import { guardedPass } from './guarded-pass.js';
import type { DirectoryRun } from './run-directory.js';
import { rehearseShadow } from './shadow.js';
import { vanishedOnce } from './vanished.js';

/** Draws and applies the consequences of what is marked in the directory. */
export async function applyConsequences(run: DirectoryRun): Promise<void> {
  if (run.directory.mode === 'shadow') return rehearseShadow(run);
  const { context, directory, report } = run;
  await applyTo(run, (dry) => markedRecords(context, directory.id, dry), false);
  // From now on creations and changed attributes are guarded: what the first complete read is for is done.
  if (report.document.complete && directory.firstCompleteAt === null)
    await run.transact((sql) => rememberFirstComplete(sql, context.tenantId, directory.id, report.now()));
}

/** Draws and applies the consequences of the seeds; `approved`: a person decided, nothing is held. */
export async function applyTo(run: DirectoryRun, next: (dry: boolean) => NextSeeds, approved: boolean): Promise<void> {
  const { context, directory, job, report } = run;
  await guardedPass(
    {
      context,
      report,
      cause: { runId: report.runId, trigger: report.trigger, directory: directory.name, override: null, review: null },
      vanished: vanishedOnce(context.tenantId),
      transact: run.transact,
      observe: (task) => job.engine.store.read(task),
      stayAlive: run.stayAlive,
      signal: job.signal,
      progress: (done) => {
        job.progress({ tenant: context.tenantId, directory: directory.name, phase: 'consequences', done });
      },
    },
    { directory, next, first: directory.firstCompleteAt === null, approved },
  );
}
