import { applyTo } from './apply-consequences.js';
import type { NextSeeds } from './consequence-pass.js';
import { recordsMarkedBy } from './pushed-marks.js';
import type { DirectoryRun } from './run-directory.js';
import { leftByFastRuns } from './run-store.js';
import { rehearseShadow } from './shadow.js';

/**
 * Draws what a run of the fast lane marked, and what earlier ones of that lane left that died or failed: the stream does
 * not bring it again. What a sweep marked waits for the sweep, whose guards count all of it first.
 */
export async function applyFastConsequences(run: DirectoryRun): Promise<void> {
  const { context, directory, job, report } = run;
  const left = await job.engine.store.read((sql) => leftByFastRuns(sql, context.tenantId, directory.id));
  const next = (dry: boolean): NextSeeds => recordsMarkedBy(context, directory.id, [report.runId, ...left], dry);
  await (directory.mode === 'shadow' ? rehearseShadow(run, next) : applyTo(run, next, false));
}
