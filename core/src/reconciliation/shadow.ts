import { markedRecords, type NextSeeds } from './consequence-pass.js';
import { gather } from './gather.js';
import { asLive, rehearse, rehearseIn } from './rehearsal.js';
import type { DirectoryRun } from './run-directory.js';
import { loadVanished } from './vanished.js';
import { storeClaims } from './write-claims.js';

/** A shadow directory shows what would be and changes nobody: it is rehearsed as if live, then its claims and keys are kept. */
export async function rehearseShadow(
  run: DirectoryRun,
  next: (dry: boolean) => NextSeeds = (dry) => markedRecords(run.context, run.directory.id, dry),
): Promise<void> {
  const { job, directory, report } = run;
  const context = asLive(run.context, directory);
  const pending = { tenantId: context.tenantId, directoryIds: [directory.id] };
  const { report: would } = await rehearseIn(job.engine.store, job.lane, pending, (sql) =>
    rehearse(sql, job, context, {
      directory,
      next,
      first: directory.firstCompleteAt === null,
      trigger: report.trigger,
      tier: report.document.tier,
    }),
  );
  report.document.changes = would.document.changes;
  report.document.conflicts = would.document.conflicts;
  await keepClaims(run, next(false));
}

async function keepClaims(run: DirectoryRun, next: NextSeeds): Promise<void> {
  const { job, directory, report } = run;
  const context = asLive(run.context, directory);
  const vanished = await job.engine.store.read((sql) => loadVanished(sql, context.tenantId));
  for (;;) {
    job.signal.throwIfAborted();
    const more = await run.transact(async (sql) => {
      const seeds = await next(sql);
      if (seeds === null) return false;
      const set = await gather(sql, context, { ...seeds, now: report.now(), vanished });
      await storeClaims(sql, context, set, report.now());
      return true;
    });
    if (!more) return;
  }
}
