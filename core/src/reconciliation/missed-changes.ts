import { countMissed } from '../scheduling/tier-states.js';
import type { Reading } from './page-reading.js';

/**
 * A run that found changes in a directory whose source should have told of them: after some such runs without a word from
 * the source its channel counts as down. What a first whole read finds nobody could have told of.
 */
export async function noteMissed({ job, context, directory, report, connector }: Reading): Promise<void> {
  const { records, tier } = report.document;
  const found = records.new + records.changed + records.absent;
  const isTold = connector.capabilities.notifications && tier !== 'notification';
  if (!isTold || found === 0 || directory.firstCompleteAt === null) return;
  await job.engine.store.writeOne(job.lane, (sql) =>
    countMissed(sql, { tenantId: context.tenantId, directoryId: directory.id }),
  );
}
