import type { RunDocument } from '../model/documents.js';
import { upsertRows, type Sql } from '../store/table.js';
import { RUN, type RunRow } from './tables.js';

/** Stores a run as it stands; `running` until it ends. */
export async function storeRun(
  sql: Sql,
  directoryId: string | null,
  run: RunDocument,
  ended: boolean,
  guardCounts: ReadonlyMap<string, number> = new Map(),
): Promise<void> {
  if (run.runId === null) return;
  await upsertRows(sql, RUN, [
    {
      tenant_id: run.tenant,
      id: run.runId,
      directory_id: directoryId,
      trigger: run.trigger,
      tier: run.tier,
      outcome: ended ? run.outcome : 'running',
      started_at: run.startedAt,
      ended_at: run.endedAt,
      report: JSON.stringify(run),
      guard_counts: JSON.stringify(Object.fromEntries(guardCounts)),
    },
  ]);
}

/** Says in the very transaction what it lets through: a run that is killed later must not be forgotten by the guards. */
export async function storeGuardCounts(
  sql: Sql,
  run: Pick<RunDocument, 'tenant' | 'runId'>,
  sizes: ReadonlyMap<string, number> | null,
): Promise<void> {
  if (sizes === null || sizes.size === 0 || run.runId === null) return;
  await sql('run')
    .where({ tenant_id: run.tenant, id: run.runId })
    .update({ guard_counts: JSON.stringify(Object.fromEntries(sizes)) } satisfies Partial<RunRow>);
}

/** Runs of the directory that never ended: their process died. Called under the directory's lease. */
export async function closeDeadRuns(sql: Sql, tenantId: string, directoryId: string, now: string): Promise<void> {
  await sql('run')
    .where({ tenant_id: tenantId, directory_id: directoryId, outcome: 'running' })
    .update({ outcome: 'interrupted', ended_at: now } satisfies Partial<RunRow>);
}
