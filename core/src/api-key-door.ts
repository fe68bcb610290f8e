import { RollcallError, type Clock, type Logger } from '@rollcall/connector-kit';
import type { PageRequest } from './api.js';
import type { Listing } from './model/documents.js';
import { storedInstant } from './model/instants.js';
import { limitOf, pageOf, readCursor } from './reading/page.js';
import { parseInstant } from './reading/parse-instant.js';
import { didYouMean } from './rules/nearest-name.js';
import {
  API_KEY_RIGHTS,
  apiKeyDocuments,
  endTokens,
  findApiKey,
  findToken,
  INACTIVE_WISHES,
  insertApiKey,
  insertToken,
  markRevoked,
  markUsed,
  rightsOf,
  wishesOf,
  selectApiKeys,
  tenantsOf,
  type ApiKeyDocument,
  type ApiKeyRight,
  type ApiKeyRow,
  type ConsumerWishes,
} from './security/api-keys.js';
import { isToken, newToken, prefixOf, type NewToken } from './security/api-key-token.js';
import { appendAudit } from './security/audit-log.js';
import type { Store } from './store/store.js';
import { isSqlite, rawRows, type Sql } from './store/table.js';
import { lockTenant } from './tenancy/lock-tenant.js';
import type { TenantRow } from './tenancy/tables.js';
import type { IdSource } from './tokens.js';

/** What a new key is to be good for. */
export interface ApiKeyRequest {
  /** For people, such as the name of the program that uses it. */
  name: string;
  /** Names of applied tenants; null: all, later ones too. */
  tenants: readonly string[] | null;
  rights: readonly ApiKeyRight[];
  /** How whoever uses it wants to see people; the defaults when left out. */
  consumer?: Partial<ConsumerWishes>;
  /** ISO 8601 instant; without end when left out. */
  expiresAt?: string;
  /** Who makes it, for the audit log. */
  by: string;
}

/** A key with its token, which is shown this one time. */
export interface IssuedApiKey {
  apiKey: ApiKeyDocument;
  token: string;
}

/** What a presented token is good for. */
export interface ApiKeyGrant {
  keyId: string;
  tenants: readonly string[] | null;
  rights: readonly ApiKeyRight[];
  consumer: ConsumerWishes;
}

/** The keys of the service. They belong to the installation; the tenants that they are good for stand in them. */
export interface ApiKeyDoor {
  /** @throws RC_API_KEY_REQUEST (64) for an unknown tenant, right or instant, and for a name that says nothing. */
  create(request: ApiKeyRequest): Promise<IssuedApiKey>;
  /** Keys in the order of their making; revoked ones with `all` only. */
  list(request?: PageRequest & { all?: boolean }): Promise<Listing<ApiKeyDocument>>;
  /**
   * A new token for the same key; the old one stays good for `overlapSeconds`.
   *
   * @param key - `key-` id, or the prefix of one of its tokens.
   * @throws RC_API_KEY_NOT_FOUND, RC_API_KEY_REVOKED (1)
   */
  rotate(key: string, options: { overlapSeconds: number; by: string }): Promise<IssuedApiKey>;
  /** Ends all tokens of a key at once. Revoking twice is no error. */
  revoke(key: string, by: string): Promise<ApiKeyDocument>;
  /** What a token is good for now; null for one that is wrong, expired or revoked: nobody is told which. */
  verify(token: string): Promise<ApiKeyGrant | null>;
}

/** What stands behind that door. */
export interface ApiKeyParts {
  store: Store;
  /** Brings the schema up to date where it is not. */
  prepare(): Promise<void>;
  clock: Clock;
  ids: IdSource;
  log: Logger;
}

/** The chain of the audit log for keys that are good for all tenants; no tenant can be called so. */
const ALL_TENANTS = '*';
/** A use is remembered at most so often. */
const LAST_USED_EVERY_MS = 5 * 60_000;

/** Opens that door. `settle` waits for uses that are still being remembered. */
export function openApiKeyDoor(parts: ApiKeyParts): ApiKeyDoor & { settle(): Promise<void> } {
  const uses = new RememberedUses(parts);
  return {
    create: (request) => create(parts, request),
    list: (request) => list(parts, request),
    rotate: (key, options) => rotate(parts, key, options),
    revoke: (key, by) => revoke(parts, key, by),
    verify: (token) => verify(parts, token, uses),
    settle: () => uses.settle(),
  };
}

async function create(parts: ApiKeyParts, request: ApiKeyRequest): Promise<IssuedApiKey> {
  await parts.prepare();
  const now = storedInstant(parts.clock.now());
  const fresh = newToken();
  const row = rowOf(parts.ids.next('key'), request, now);
  return parts.store.write('push', async (sql) => {
    await refuseUnknownTenants(sql, request.tenants);
    await insertApiKey(sql, row, tokenRow(row.id, fresh, now));
    const detail = { key: row.id, prefix: fresh.prefix, rights: [...request.rights], expiresAt: row.expires_at };
    await audit(sql, row, { at: now, who: request.by, action: 'apikey.created', detail });
    return issued(sql, row, fresh);
  });
}

function rowOf(id: string, request: ApiKeyRequest, now: string): ApiKeyRow {
  const name = request.name.trim();
  if (name === '' || name.length > 200)
    throw refused('A key needs a name of at most 200 characters.', 'Name what uses it.');
  const unknown = request.rights.find((right) => !API_KEY_RIGHTS.includes(right));
  if (unknown !== undefined) throw refused(`"${unknown}" is no right.`, didYouMean(unknown, API_KEY_RIGHTS));
  if (request.rights.length === 0)
    throw refused('A key without rights is good for nothing.', 'Give it the right "read".');
  refuseUnknownWishes(request.consumer);
  const expiresAt = request.expiresAt === undefined ? null : parseInstant(request.expiresAt);
  if (expiresAt !== null && expiresAt <= now)
    throw refused('A key cannot end before it begins.', 'Give a later instant.');
  return {
    id,
    name,
    tenants: request.tenants === null ? null : JSON.stringify([...new Set(request.tenants)].sort()),
    rights: JSON.stringify(API_KEY_RIGHTS.filter((right) => request.rights.includes(right))),
    consumer: JSON.stringify(request.consumer ?? {}),
    created_at: now,
    created_by: request.by,
    expires_at: expiresAt,
    revoked_at: null,
    revoked_by: null,
    last_used_at: null,
  };
}

function refuseUnknownWishes({ inactive = 'kept' }: Partial<ConsumerWishes> = {}): void {
  if (INACTIVE_WISHES.includes(inactive)) return;
  throw refused(`Nobody can be shown as "${inactive}" while inactive.`, didYouMean(inactive, INACTIVE_WISHES));
}

async function refuseUnknownTenants(sql: Sql, tenants: readonly string[] | null): Promise<void> {
  if (tenants === null) return;
  if (tenants.length === 0) throw refused('A key for no tenant is good for nothing.', 'Name a tenant, or all.');
  const rows: Pick<TenantRow, 'id'>[] = await sql<TenantRow>('tenant').select('id');
  const known = rows.map(({ id }) => id);
  const unknown = tenants.find((tenant) => !known.includes(tenant));
  if (unknown !== undefined) throw refused(`There is no applied tenant "${unknown}".`, didYouMean(unknown, known));
}

async function list(
  parts: ApiKeyParts,
  request: PageRequest & { all?: boolean } = {},
): Promise<Listing<ApiKeyDocument>> {
  await parts.prepare();
  const isAll = request.all ?? false;
  const scope = { tenantId: ALL_TENANTS, list: 'apikeys', filters: isAll };
  const [after] = readCursor(scope, request.after) ?? [];
  const limit = limitOf(request.limit);
  return parts.store.read(async (sql) => {
    const found = await selectApiKeys(sql, {
      isAll,
      after: after === undefined ? null : String(after),
      limit: limit + 1,
    });
    const { rows, next } = pageOf(scope, found, limit, (row) => [row.id]);
    return { items: await apiKeyDocuments(sql, rows), next };
  });
}

async function rotate(
  parts: ApiKeyParts,
  name: string,
  { overlapSeconds, by }: { overlapSeconds: number; by: string },
): Promise<IssuedApiKey> {
  await parts.prepare();
  const at = parts.clock.now();
  const now = storedInstant(at);
  const fresh = newToken();
  return parts.store.write('push', async (sql) => {
    const key = await findOrRefuse(sql, name);
    if (key.revoked_at !== null) throw revoked(key.id);
    const oldUntil = storedInstant(new Date(at.getTime() + overlapSeconds * 1_000));
    await endTokens(sql, key.id, oldUntil);
    await insertToken(sql, tokenRow(key.id, fresh, now));
    const detail = { key: key.id, prefix: fresh.prefix, othersUntil: oldUntil };
    await audit(sql, key, { at: now, who: by, action: 'apikey.rotated', detail });
    return issued(sql, key, fresh);
  });
}

async function revoke(parts: ApiKeyParts, name: string, by: string): Promise<ApiKeyDocument> {
  await parts.prepare();
  const now = storedInstant(parts.clock.now());
  return parts.store.write('push', async (sql) => {
    const key = await findOrRefuse(sql, name);
    if (key.revoked_at === null) {
      await markRevoked(sql, key.id, now, by);
      await audit(sql, key, { at: now, who: by, action: 'apikey.revoked', detail: { key: key.id } });
    }
    return documentOf(sql, await findOrRefuse(sql, key.id));
  });
}

async function verify(parts: ApiKeyParts, token: string, uses: RememberedUses): Promise<ApiKeyGrant | null> {
  const prefix = prefixOf(token);
  if (prefix === null) return null;
  await parts.prepare();
  const found = await parts.store.read((sql) => findToken(sql, prefix));
  const isRight = isToken(token, found?.token.hash ?? null);
  if (found === null || !isRight) return null;
  const now = parts.clock.now();
  const { key } = found;
  const ends = [found.token.expires_at, key.expires_at].filter((end) => end !== null);
  if (key.revoked_at !== null || ends.some((end) => end <= storedInstant(now))) return null;
  uses.remember(key, now);
  return { keyId: key.id, tenants: tenantsOf(key), rights: rightsOf(key), consumer: wishesOf(key) };
}

/** Uses are written beside the requests, which never wait for a long write of somebody else. */
class RememberedUses {
  readonly #parts: ApiKeyParts;
  readonly #running = new Map<string, Promise<void>>();

  constructor(parts: ApiKeyParts) {
    this.#parts = parts;
  }

  remember(key: ApiKeyRow, now: Date): void {
    const unlessAfter = storedInstant(new Date(now.getTime() - LAST_USED_EVERY_MS));
    if ((key.last_used_at ?? '') > unlessAfter || this.#running.has(key.id)) return;
    const done = this.#write(key.id, storedInstant(now), unlessAfter).finally(() => this.#running.delete(key.id));
    this.#running.set(key.id, done);
  }

  async #write(id: string, at: string, unlessAfter: string): Promise<void> {
    try {
      await this.#parts.store.write('sweep', (sql) => markUsed(sql, id, at, unlessAfter));
    } catch {
      this.#parts.log.warn('The last use of an API key could not be remembered.', { key: id });
    }
  }

  async settle(): Promise<void> {
    await Promise.all(this.#running.values());
  }
}

/** One entry in the chain of each tenant that the key is good for; in the installation's own for a key of all. */
async function audit(sql: Sql, key: ApiKeyRow, entry: Parameters<typeof appendAudit>[2]): Promise<void> {
  for (const tenant of tenantsOf(key) ?? [ALL_TENANTS]) {
    await lockChain(sql, tenant);
    await appendAudit(sql, tenant, entry);
  }
}

/** Entries of one chain are numbered: two transactions must not number at once. */
async function lockChain(sql: Sql, tenant: string): Promise<void> {
  if (tenant !== ALL_TENANTS) await lockTenant(sql, tenant);
  else if (!isSqlite(sql)) await rawRows(sql, 'SELECT pg_advisory_xact_lock(734156)');
}

function tokenRow(keyId: string, { prefix, hash }: NewToken, now: string): Parameters<typeof insertToken>[1] {
  return { prefix, key_id: keyId, hash, created_at: now, expires_at: null };
}

async function issued(sql: Sql, key: ApiKeyRow, { token }: NewToken): Promise<IssuedApiKey> {
  return { apiKey: await documentOf(sql, key), token: token.reveal() };
}

async function documentOf(sql: Sql, key: ApiKeyRow): Promise<ApiKeyDocument> {
  const [document] = await apiKeyDocuments(sql, [key]);
  if (document === undefined) throw new Error('One key made no document.');
  return document;
}

async function findOrRefuse(sql: Sql, name: string): Promise<ApiKeyRow> {
  const key = await findApiKey(sql, name);
  if (key !== null) return key;
  throw new RollcallError('RC_API_KEY_NOT_FOUND', 1, 'stop', {
    what: 'There is no such API key.',
    mend: 'Name a key by its id (key-…) or by the prefix of its token (rck_…): see "rollcall apikey list".',
  });
}

function revoked(id: string): RollcallError {
  return new RollcallError('RC_API_KEY_REVOKED', 1, 'stop', {
    what: `The API key ${id} is revoked.`,
    mend: 'Make a new one with: rollcall apikey create',
  });
}

function refused(what: string, mend: string): RollcallError {
  return new RollcallError('RC_API_KEY_REQUEST', 64, 'stop', { what, mend });
}
