import { insertRows, table, type Sql } from '../store/table.js';
import { shownInstant } from '../model/instants.js';

/** What a key may do: `read` the population, `write` decisions and configuration, `admin` keys and tenants. */
export const API_KEY_RIGHTS = ['read', 'write', 'admin'] as const;
export type ApiKeyRight = (typeof API_KEY_RIGHTS)[number];

export const INACTIVE_WISHES: readonly ConsumerWishes['inactive'][] = ['kept', 'deleted'];

/** How who uses a key wants to see people. */
export interface ConsumerWishes {
  /** Who is inactive: `kept` as inactive (the default), or told as `deleted` and not shown any more. */
  inactive: 'kept' | 'deleted';
  /** Where a directory's type is one that few programs know: its own name (false, the default), or a generic one. */
  genericType: boolean;
}

export const DEFAULT_WISHES: ConsumerWishes = { inactive: 'kept', genericType: false };

/** A key as it is listed; its tokens are never shown again. */
export interface ApiKeyDocument {
  id: string;
  name: string;
  /** Names of the tenants that it is good for; null: all, later ones too. */
  tenants: string[] | null;
  rights: ApiKeyRight[];
  consumer: ConsumerWishes;
  createdAt: string;
  createdBy: string;
  /** Null: without end. */
  expiresAt: string | null;
  revokedAt: string | null;
  revokedBy: string | null;
  /** To within some minutes: not every request writes. */
  lastUsedAt: string | null;
  /** Two while a rotation overlaps. */
  tokens: { prefix: string; createdAt: string; expiresAt: string | null }[];
}

export interface ApiKeyRow {
  id: string;
  name: string;
  /** JSON array of names; null: all tenants. */
  tenants: string | null;
  /** JSON array. */
  rights: string;
  /** JSON of what differs from `DEFAULT_WISHES`. */
  consumer: string;
  created_at: string;
  created_by: string;
  expires_at: string | null;
  revoked_at: string | null;
  revoked_by: string | null;
  last_used_at: string | null;
}

export interface ApiKeyTokenRow {
  prefix: string;
  key_id: string;
  hash: string;
  created_at: string;
  expires_at: string | null;
}

const API_KEY = table<ApiKeyRow>(
  'api_key',
  {
    id: 'text',
    name: 'text',
    tenants: 'text',
    rights: 'text',
    consumer: 'text',
    created_at: 'text',
    created_by: 'text',
    expires_at: 'text',
    revoked_at: 'text',
    revoked_by: 'text',
    last_used_at: 'text',
  },
  ['id'],
);

const API_KEY_TOKEN = table<ApiKeyTokenRow>(
  'api_key_token',
  { prefix: 'text', key_id: 'text', hash: 'text', created_at: 'text', expires_at: 'text' },
  ['prefix'],
);

export async function insertApiKey(sql: Sql, key: ApiKeyRow, token: ApiKeyTokenRow): Promise<void> {
  await insertRows(sql, API_KEY, [key]);
  await insertToken(sql, token);
}

export async function insertToken(sql: Sql, token: ApiKeyTokenRow): Promise<void> {
  await insertRows(sql, API_KEY_TOKEN, [token]);
}

/** Ends the key's other tokens at `at`, unless they end before. */
export async function endTokens(sql: Sql, keyId: string, at: string): Promise<void> {
  await sql<ApiKeyTokenRow>('api_key_token')
    .where({ key_id: keyId })
    .where((open) => void open.whereNull('expires_at').orWhere('expires_at', '>', at))
    .update({ expires_at: at });
}

/** A key by its id or by the prefix of one of its tokens. */
export async function findApiKey(sql: Sql, name: string): Promise<ApiKeyRow | null> {
  const byPrefix = sql<ApiKeyTokenRow>('api_key_token').where({ prefix: name }).select('key_id');
  const row = await sql<ApiKeyRow>('api_key')
    .where({ id: name })
    .orWhereIn('id', byPrefix)
    .first<ApiKeyRow | undefined>();
  return row ?? null;
}

/** The token of that prefix with its key. */
export async function findToken(sql: Sql, prefix: string): Promise<{ token: ApiKeyTokenRow; key: ApiKeyRow } | null> {
  const token = await sql<ApiKeyTokenRow>('api_key_token').where({ prefix }).first<ApiKeyTokenRow | undefined>();
  if (token === undefined) return null;
  const key = await sql<ApiKeyRow>('api_key').where({ id: token.key_id }).first<ApiKeyRow | undefined>();
  return key === undefined ? null : { token, key };
}

export async function markRevoked(sql: Sql, id: string, at: string, by: string): Promise<void> {
  await sql<ApiKeyRow>('api_key').where({ id }).whereNull('revoked_at').update({ revoked_at: at, revoked_by: by });
}

/** Remembers a use, unless one after `unlessAfter` is known already. */
export async function markUsed(sql: Sql, id: string, at: string, unlessAfter: string): Promise<void> {
  await sql<ApiKeyRow>('api_key')
    .where({ id })
    .where((old) => void old.whereNull('last_used_at').orWhere('last_used_at', '<', unlessAfter))
    .update({ last_used_at: at });
}

/** Keys in the order of their making, at most `limit` after the id `after`. */
export async function selectApiKeys(
  sql: Sql,
  { isAll, after, limit }: { isAll: boolean; after: string | null; limit: number },
): Promise<ApiKeyRow[]> {
  const query = sql<ApiKeyRow>('api_key').orderBy('id').limit(limit).select();
  if (!isAll) void query.whereNull('revoked_at');
  if (after !== null) void query.where('id', '>', after);
  return query;
}

/** Keys in the shape of their list: one statement for the tokens, however many there are. */
export async function apiKeyDocuments(sql: Sql, rows: readonly ApiKeyRow[]): Promise<ApiKeyDocument[]> {
  const tokens: ApiKeyTokenRow[] = await sql<ApiKeyTokenRow>('api_key_token')
    .whereIn(
      'key_id',
      rows.map(({ id }) => id),
    )
    .orderBy(['created_at', 'prefix'])
    .select();
  return rows.map((row) =>
    documentOf(
      row,
      tokens.filter((token) => token.key_id === row.id),
    ),
  );
}

function documentOf(row: ApiKeyRow, tokens: readonly ApiKeyTokenRow[]): ApiKeyDocument {
  return {
    id: row.id,
    name: row.name,
    tenants: tenantsOf(row),
    rights: rightsOf(row),
    consumer: wishesOf(row),
    createdAt: shownInstant(row.created_at),
    createdBy: row.created_by,
    expiresAt: shownOrNull(row.expires_at),
    revokedAt: shownOrNull(row.revoked_at),
    revokedBy: row.revoked_by,
    lastUsedAt: shownOrNull(row.last_used_at),
    tokens: tokens.map(({ prefix, created_at, expires_at }) => ({
      prefix,
      createdAt: shownInstant(created_at),
      expiresAt: shownOrNull(expires_at),
    })),
  };
}

const shownOrNull = (stored: string | null): string | null => (stored === null ? null : shownInstant(stored));

/** Null: all tenants. */
export function tenantsOf(row: Pick<ApiKeyRow, 'tenants'>): string[] | null {
  return row.tenants === null ? null : (JSON.parse(row.tenants) as string[]);
}

export function rightsOf(row: Pick<ApiKeyRow, 'rights'>): ApiKeyRight[] {
  return JSON.parse(row.rights) as ApiKeyRight[];
}

export function wishesOf(row: Pick<ApiKeyRow, 'consumer'>): ConsumerWishes {
  return { ...DEFAULT_WISHES, ...(JSON.parse(row.consumer) as Partial<ConsumerWishes>) };
}
