import { RollcallError } from '@rollcall/connector-kit';
import type { Listing, RunDocument, StoredRunDocument } from '../model/documents.js';
import { shownInstant } from '../model/instants.js';
import { rawRows, type Sql } from '../store/table.js';
import { directoriesById } from './directory-names.js';
import { limitOf, pageOf, readCursor, type ListScope, type PageRequest } from './page.js';

/** Which runs; of all directories when none is named. */
export interface RunsRequest extends PageRequest {
  /** Name of a directory. */
  directory?: string;
}

interface Row {
  id: string;
  outcome: string;
  ended_at: string | null;
  report: string;
}

/** Runs, the latest first: those that begin while somebody pages stand before the first page. */
export async function listRuns(
  sql: Sql,
  tenantId: string,
  request: RunsRequest = {},
): Promise<Listing<StoredRunDocument>> {
  const { directory } = request;
  const scope: ListScope = { tenantId, list: 'runs', filters: directory ?? null };
  const [after] = readCursor(scope, request.after) ?? [];
  const limit = limitOf(request.limit);
  const directoryId = directory === undefined ? null : await directoryIdOf(sql, tenantId, directory);
  const found = await rawRows<Row>(
    sql,
    `SELECT id, outcome, ended_at, report FROM run WHERE tenant_id = ?
      ${directoryId === null ? '' : 'AND directory_id = ?'} ${after === undefined ? '' : 'AND id < ?'}
      ORDER BY id DESC LIMIT ?`,
    [tenantId, ...(directoryId === null ? [] : [directoryId]), ...(after === undefined ? [] : [after]), limit + 1],
  );
  const { rows, next } = pageOf(scope, found, limit, (row) => [row.id]);
  return { items: rows.map(runDocument), next };
}

/**
 * One run by its id.
 *
 * @throws RC_RUN_NOT_FOUND
 */
export async function showRun(sql: Sql, tenantId: string, id: string): Promise<StoredRunDocument> {
  const [row] = await rawRows<Row>(
    sql,
    'SELECT id, outcome, ended_at, report FROM run WHERE tenant_id = ? AND id = ?',
    [tenantId, id],
  );
  if (row !== undefined) return runDocument(row);
  throw new RollcallError('RC_RUN_NOT_FOUND', 1, 'stop', {
    what: 'There is no such run.',
    where: { tenant: tenantId },
    mend: 'Name a run by its id (run-…), as the list of runs shows it.',
  });
}

/** The report is written with the last batch; outcome and end are also set for a run whose process died. */
function runDocument(row: Row): StoredRunDocument {
  const report = JSON.parse(row.report) as RunDocument;
  const endedAt = row.ended_at === null ? null : shownInstant(row.ended_at);
  return { ...report, outcome: row.outcome as StoredRunDocument['outcome'], endedAt };
}

async function directoryIdOf(sql: Sql, tenantId: string, name: string): Promise<string> {
  const directories = await directoriesById(sql, tenantId);
  const id = [...directories.values()].find((directory) => directory.name === name)?.id;
  if (id !== undefined) return id;
  throw new RollcallError('RC_DIRECTORY_UNKNOWN', 1, 'stop', {
    what: `There is no directory "${name}".`,
    where: { tenant: tenantId },
    mend: 'See "rollcall directory list" for those there are.',
  });
}
