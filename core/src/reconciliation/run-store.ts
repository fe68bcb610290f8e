import type { RunDocument } from '../model/documents.js';
import { FAST_TIERS } from '../scheduling/lanes.js';
import type { Lease } from '../scheduling/lease.js';
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

/** Runs of the lane that never ended: their process died. Called under the lane's lease. */
export async function closeDeadRuns(sql: Sql, { tenantId, directoryId, lane }: Lease, now: string): Promise<void> {
  await sql('run')
    .where({ tenant_id: tenantId, directory_id: directoryId, outcome: 'running' })
    [lane === 'fast' ? 'whereIn' : 'whereNotIn']('tier', [...FAST_TIERS])
    .update({ outcome: 'interrupted', ended_at: now } satisfies Partial<RunRow>);
}

/** How many runs are looked at: each try of a run that fails adds one. */
const MOST_LEFT = 100;

/**
 * Runs of the fast lane that ended before their consequences were drawn; called under that lane's lease. What a guard
 * stopped waits for a person.
 */
export async function leftByFastRuns(sql: Sql, tenantId: string, directoryId: string): Promise<string[]> {
  const rows = await sql('run')
    .where({ tenant_id: tenantId, directory_id: directoryId })
    .whereIn('tier', [...FAST_TIERS])
    .whereIn('outcome', ['failed', 'interrupted', 'superseded'])
    .orderBy('started_at', 'desc')
    .limit(MOST_LEFT)
    .select<Pick<RunRow, 'id'>[]>('id');
  return rows.map((row) => row.id);
}

/** A later look found what this run had found first and a faster tier should have brought. */
export async function addDrift(sql: Sql, tenantId: string, runId: string, records: number): Promise<void> {
  const row = await sql<RunRow>('run').where({ tenant_id: tenantId, id: runId }).first('report');
  if (row === undefined) return;
  const report = JSON.parse(row.report) as RunDocument;
  const drift = { records: report.drift.records + records };
  await sql('run')
    .where({ tenant_id: tenantId, id: runId })
    .update({ report: JSON.stringify({ ...report, drift }) } satisfies Partial<RunRow>);
}
