import type { JsonObject } from '../model/json.js';
import type { WrittenSchedule } from '../model/schedules.js';
import { isSqlite, rawRows, type Sql } from '../store/table.js';
import type { DirectoryRow } from './tables.js';

/** A directory as the pipeline works with it. */
export interface Directory {
  id: string;
  name: string;
  position: number;
  connector: string;
  mode: 'draft' | 'shadow' | 'live' | 'retired';
  settings: JsonObject;
  privilegedGroups: readonly string[];
  /** Versions of the mapping texts in force. */
  mappings: { user: string | null; group: string | null };
  paused: boolean;
  /** Whether its tenant file says how often a day its source is meant to be asked. */
  hasBudget: boolean;
  firstCompleteAt: string | null;
  /** Its source pushes: the ids of its records are ours, and never given to somebody else. */
  pushed: boolean;
}

/** A row as it is read; `last_push_at` is written by pushes alone, so that no `apply` puts an older one back. */
type StoredRow = DirectoryRow & { last_push_at: string | null };

function directoryOf(row: StoredRow): Directory {
  return {
    id: row.id,
    name: row.name,
    position: row.position,
    connector: row.connector,
    mode: row.mode as Directory['mode'],
    settings: JSON.parse(row.settings) as JsonObject,
    privilegedGroups: JSON.parse(row.privileged_groups) as string[],
    mappings: { user: row.mapping_user, group: row.mapping_group },
    paused: row.paused === 1,
    hasBudget: (JSON.parse(row.schedule) as WrittenSchedule).requestsPerDay !== undefined,
    firstCompleteAt: row.first_complete_at,
    pushed: row.last_push_at !== null,
  };
}

/** The tenant's directories in the order of its file. */
export async function listDirectories(sql: Sql, tenantId: string): Promise<Directory[]> {
  const rows = (await sql('directory').where({ tenant_id: tenantId }).orderBy('position')) as StoredRow[];
  return rows.map(directoryOf);
}

/** One directory; null where the tenant has none of that id. */
export async function findDirectory(sql: Sql, tenantId: string, directoryId: string): Promise<Directory | null> {
  const row = (await sql('directory').where({ tenant_id: tenantId, id: directoryId }).first()) as StoredRow | undefined;
  return row === undefined ? null : directoryOf(row);
}

/** The directory of an address that names no tenant, and whose it is; null where there is none. */
export async function findDirectoryAnywhere(
  sql: Sql,
  directoryId: string,
): Promise<{ tenantId: string; directory: Directory } | null> {
  const row = (await sql('directory').where({ id: directoryId }).first()) as StoredRow | undefined;
  return row === undefined ? null : { tenantId: row.tenant_id, directory: directoryOf(row) };
}

/** Advances the directory's logical clock; the caller commits before it sends the request. */
export async function takeBegin(sql: Sql, tenantId: string, directoryId: string): Promise<number> {
  const rows = await rawRows<{ begin: number }>(
    sql,
    'UPDATE directory SET begin = begin + 1 WHERE tenant_id = ? AND id = ? RETURNING begin',
    [tenantId, directoryId],
  );
  return rows[0]?.begin ?? 0;
}

/** Reserves `count` record numbers; answers the first of them. */
export async function takeRecordNumbers(
  sql: Sql,
  tenantId: string,
  directoryId: string,
  count: number,
): Promise<number> {
  const rows = await rawRows<{ last: number }>(
    sql,
    'UPDATE directory SET record_count = record_count + ? WHERE tenant_id = ? AND id = ? RETURNING record_count AS last',
    [count, tenantId, directoryId],
  );
  return (rows[0]?.last ?? 0) - count + 1;
}

/** Remembers that the directory was read whole for the first time: from now on creations and changes are guarded. */
export async function rememberFirstComplete(
  sql: Sql,
  tenantId: string,
  directoryId: string,
  at: string,
): Promise<void> {
  await sql('directory')
    .where({ tenant_id: tenantId, id: directoryId })
    .whereNull('first_complete_at')
    .update({ first_complete_at: at });
}

/** Pauses or resumes a directory. */
export async function setPaused(sql: Sql, tenantId: string, directoryId: string, paused: boolean): Promise<void> {
  await sql('directory')
    .where({ tenant_id: tenantId, id: directoryId })
    .update({ paused: paused ? 1 : 0 });
}

/**
 * Takes the directory's row until the transaction ends: evidence of its lanes is written one after the other, and no lane
 * takes a begin meanwhile. On SQLite the transaction itself keeps others out.
 */
export async function lockDirectory(sql: Sql, tenantId: string, directoryId: string): Promise<void> {
  if (!isSqlite(sql))
    await rawRows(sql, 'SELECT id FROM directory WHERE tenant_id = ? AND id = ? FOR UPDATE', [tenantId, directoryId]);
}

/** How exactly `last_push_at` is kept: not every push writes it. */
const PUSH_EVERY_MS = 60_000;

/**
 * Takes the directory's row for one unit of work: those of one directory run one after the other, in every process. Its
 * last push is remembered to within a minute.
 */
export async function lockDirectoryForPush(sql: Sql, tenantId: string, directoryId: string, now: Date): Promise<void> {
  await lockDirectory(sql, tenantId, directoryId);
  const unlessAfter = new Date(now.getTime() - PUSH_EVERY_MS).toISOString();
  await rawRows(
    sql,
    'UPDATE directory SET last_push_at = ? WHERE tenant_id = ? AND id = ? AND (last_push_at IS NULL OR last_push_at < ?) RETURNING id',
    [now.toISOString(), tenantId, directoryId, unlessAfter],
  );
}
