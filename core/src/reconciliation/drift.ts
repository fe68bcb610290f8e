import { settleFindings } from '../history/findings.js';
import type { JsonObject } from '../model/json.js';
import type { StreamPlace } from '../sources/cursors.js';
import { takeDrifted, type Drifted } from '../sources/drift-candidates.js';
import type { Sql } from '../store/table.js';
import { enter, type Reading } from './page-reading.js';
import { addDrift } from './run-store.js';

/**
 * What whole reads found before `begin`, and neither the stream that was read from there to its end nor a notification
 * brought, is drift: counted in the run that found it, and a finding that says who and what.
 */
export async function judgeDrift(reading: Reading, place: StreamPlace, begin: number): Promise<void> {
  const { job, context, report } = reading;
  await job.engine.store.write(job.lane, async (sql) => {
    await enter(sql, reading);
    const drifted = await takeDrifted(sql, place, begin);
    for (const [runId, records] of drifted.byRun) await addDrift(sql, context.tenantId, runId, records);
    if (drifted.byRun.size > 0) await tell(sql, reading, place.kind, drifted, report.now());
  });
}

async function tell(sql: Sql, reading: Reading, kind: string, drifted: Drifted, now: string): Promise<void> {
  const records = [...drifted.byRun.values()].reduce((sum, count) => sum + count, 0);
  await settleDrift(sql, reading, kind, now, (standing) => ({
    directory: reading.directory.name,
    tier: 'delta',
    kind,
    records: records + (typeof standing?.records === 'number' ? standing.records : 0),
    sample: drifted.sample,
  }));
}

/** A whole read that found nothing ends the finding: the stream brings what there is. */
export function endDrift(sql: Sql, reading: Reading, kind: string, now: string): Promise<void> {
  return settleDrift(sql, reading, kind, now, () => null);
}

function settleDrift(
  sql: Sql,
  { context, directory }: Reading,
  kind: string,
  now: string,
  judge: (standing: JsonObject | null) => JsonObject | null,
): Promise<void> {
  return settleFindings(sql, {
    tenantId: context.tenantId,
    name: 'drift',
    subjects: [`${directory.name}/${kind}`],
    judge: (_subject, standing) => judge(standing),
    now,
    newId: () => context.ids.next('fnd'),
  });
}
