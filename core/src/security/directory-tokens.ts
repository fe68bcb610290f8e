import { insertRows, rawRows, table, type Sql } from '../store/table.js';
import { shownInstant } from '../model/instants.js';

/** A token of a directory as it is listed; itself it is shown once. */
export interface DirectoryTokenDocument {
  id: string;
  prefix: string;
  label: string;
  createdAt: string;
  createdBy: string;
  /** Null: without end. */
  expiresAt: string | null;
  revokedAt: string | null;
  /** To within some minutes: not every request writes. */
  lastUsedAt: string | null;
}

export interface DirectoryTokenRow {
  tenant_id: string;
  directory_id: string;
  id: string;
  hash: string;
  prefix: string;
  label: string;
  created_at: string;
  created_by: string;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
}

const DIRECTORY_TOKEN = table<DirectoryTokenRow>(
  'directory_token',
  {
    tenant_id: 'text',
    directory_id: 'text',
    id: 'text',
    hash: 'text',
    prefix: 'text',
    label: 'text',
    created_at: 'text',
    created_by: 'text',
    expires_at: 'text',
    revoked_at: 'text',
    last_used_at: 'text',
  },
  ['tenant_id', 'directory_id', 'id'],
);

const COLUMNS = DIRECTORY_TOKEN.columns.join(', ');
const OF = 'tenant_id = ? AND directory_id = ?';

/** The directory whose tokens are meant. */
export interface TokenPlace {
  tenantId: string;
  directoryId: string;
}

export async function insertDirectoryToken(sql: Sql, row: DirectoryTokenRow): Promise<void> {
  await insertRows(sql, DIRECTORY_TOKEN, [row]);
}

/** Ends the directory's tokens at `at`, unless they end before. */
export async function endDirectoryTokens(sql: Sql, place: TokenPlace, at: string): Promise<void> {
  const text = `UPDATE directory_token SET expires_at = ? WHERE ${OF} AND (expires_at IS NULL OR expires_at > ?) RETURNING id`;
  await rawRows(sql, text, [at, place.tenantId, place.directoryId, at]);
}

/** Ends one token, by its id or prefix. @returns its row as it is then; null: there is none. */
export async function revokeDirectoryToken(
  sql: Sql,
  place: TokenPlace,
  name: string,
  at: string,
): Promise<DirectoryTokenRow | null> {
  const text = `UPDATE directory_token SET revoked_at = COALESCE(revoked_at, ?) WHERE ${OF} AND (id = ? OR prefix = ?)
    RETURNING ${COLUMNS}`;
  const rows = await rawRows<DirectoryTokenRow>(sql, text, [at, place.tenantId, place.directoryId, name, name]);
  return rows[0] ?? null;
}

/** The token of that prefix, whosever it is: prefixes are unique. */
export async function findDirectoryToken(sql: Sql, prefix: string): Promise<DirectoryTokenRow | null> {
  const text = `SELECT ${COLUMNS} FROM directory_token WHERE prefix = ?`;
  const rows = await rawRows<DirectoryTokenRow>(sql, text, [prefix]);
  return rows[0] ?? null;
}

/** A directory's tokens in the order of their making. */
export function listDirectoryTokens(sql: Sql, place: TokenPlace): Promise<DirectoryTokenRow[]> {
  const text = `SELECT ${COLUMNS} FROM directory_token WHERE ${OF} ORDER BY created_at, id`;
  return rawRows(sql, text, [place.tenantId, place.directoryId]);
}

/** Remembers a use, unless one after `unlessAfter` is known already. */
export async function markDirectoryTokenUsed(
  sql: Sql,
  row: Pick<DirectoryTokenRow, 'tenant_id' | 'directory_id' | 'id'>,
  at: string,
  unlessAfter: string,
): Promise<void> {
  const text = `UPDATE directory_token SET last_used_at = ? WHERE ${OF} AND id = ? AND (last_used_at IS NULL OR last_used_at < ?)
    RETURNING id`;
  await rawRows(sql, text, [at, row.tenant_id, row.directory_id, row.id, unlessAfter]);
}

/** A token as it is shown. */
export function directoryTokenDocument(row: DirectoryTokenRow): DirectoryTokenDocument {
  const shownOrNull = (stored: string | null): string | null => (stored === null ? null : shownInstant(stored));
  return {
    id: row.id,
    prefix: row.prefix,
    label: row.label,
    createdAt: shownInstant(row.created_at),
    createdBy: row.created_by,
    expiresAt: shownOrNull(row.expires_at),
    revokedAt: shownOrNull(row.revoked_at),
    lastUsedAt: shownOrNull(row.last_used_at),
  };
}
