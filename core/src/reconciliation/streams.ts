import { readCursors } from '../sources/cursors.js';
import { isTierOn } from '../scheduling/tier-states.js';
import type { Reading } from './page-reading.js';

/** The kinds of a directory whose changes a stream brings: those with a cursor, where the stream is read by itself. */
export async function kindsWithStream({ job, context, directory, connector }: Reading): Promise<ReadonlySet<string>> {
  if (!connector.capabilities.delta) return new Set();
  const { tenantId } = context;
  return job.engine.store.read(async (sql) => {
    if (!(await isTierOn(sql, { tenantId, directoryId: directory.id, tier: 'delta' }))) return new Set();
    const cursors = await readCursors(sql, tenantId, directory.id);
    return new Set([...cursors].filter(([, cursor]) => cursor !== null).map(([kind]) => kind));
  });
}
