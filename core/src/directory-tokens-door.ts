import { RollcallError, type Clock } from '@rollcall/connector-kit';
import { storedInstant } from './model/instants.js';
import { newToken } from './security/api-key-token.js';
import { appendAudit } from './security/audit-log.js';
import {
  directoryTokenDocument,
  endDirectoryTokens,
  insertDirectoryToken,
  listDirectoryTokens,
  revokeDirectoryToken,
  type DirectoryTokenDocument,
  type DirectoryTokenRow,
} from './security/directory-tokens.js';
import type { Store } from './store/store.js';
import type { Directory } from './tenancy/directories.js';
import { lockTenant } from './tenancy/lock-tenant.js';
import type { IdSource } from './tokens.js';

/** What a new token is made with. */
export interface TokenRequest {
  /** For how long the tokens that there are stay good. */
  overlapSeconds: number;
  /** For people. */
  label?: string;
  /** Who makes it, for the audit log. */
  by: string;
}

/** A token, which is shown this one time. */
export interface IssuedDirectoryToken {
  directory: { id: string; name: string };
  directoryToken: DirectoryTokenDocument;
  token: string;
}

/** The tokens by which a tenant's directories are pushed to; directories are named. */
export interface DirectoryTokensDoor {
  /**
   * A new token; those that there are stay good for `overlapSeconds`.
   *
   * @throws RC_DIRECTORY_NOT_PUSHED (64) for a directory whose connector fetches.
   */
  rotateToken(directory: string, request: TokenRequest): Promise<IssuedDirectoryToken>;
  tokens(directory: string): Promise<DirectoryTokenDocument[]>;
  /** @param token - `dtk-` id or prefix. @throws RC_DIRECTORY_TOKEN_NOT_FOUND (1) */
  revokeToken(directory: string, token: string, by: string): Promise<DirectoryTokenDocument>;
}

/** What stands behind that door. */
export interface DirectoryTokenParts {
  tenant: string;
  store: Store;
  clock: Clock;
  ids: IdSource;
  find(name: string): Promise<Directory>;
  /** Whether sources of this connector push. */
  isPushed(connector: string): Promise<boolean>;
}

const LONGEST_LABEL = 200;

/** Opens that door. */
export function openDirectoryTokens(parts: DirectoryTokenParts): DirectoryTokensDoor {
  return {
    rotateToken: (name, request) => rotate(parts, name, request),
    tokens: async (name) => {
      const place = placeOf(parts, await parts.find(name));
      return (await parts.store.read((sql) => listDirectoryTokens(sql, place))).map(directoryTokenDocument);
    },
    revokeToken: (name, token, by) => revoke(parts, name, token, by),
  };
}

async function rotate(
  parts: DirectoryTokenParts,
  name: string,
  { overlapSeconds, label = '', by }: TokenRequest,
): Promise<IssuedDirectoryToken> {
  const directory = await parts.find(name);
  if (!(await parts.isPushed(directory.connector))) throw notPushed(parts.tenant, directory);
  const at = parts.clock.now();
  const now = storedInstant(at);
  const fresh = newToken('rcd');
  const row: DirectoryTokenRow = {
    tenant_id: parts.tenant,
    directory_id: directory.id,
    id: parts.ids.next('dtk'),
    hash: fresh.hash,
    prefix: fresh.prefix,
    label: label.trim().slice(0, LONGEST_LABEL),
    created_at: now,
    created_by: by,
    expires_at: null,
    revoked_at: null,
    last_used_at: null,
  };
  const othersUntil = storedInstant(new Date(at.getTime() + overlapSeconds * 1_000));
  await parts.store.write('push', async (sql) => {
    await lockTenant(sql, parts.tenant);
    await endDirectoryTokens(sql, placeOf(parts, directory), othersUntil);
    await insertDirectoryToken(sql, row);
    const detail = { directory: directory.id, token: row.id, prefix: row.prefix, othersUntil };
    await appendAudit(sql, parts.tenant, { at: now, who: by, action: 'directory.tokenRotated', detail });
  });
  return {
    directory: { id: directory.id, name: directory.name },
    directoryToken: directoryTokenDocument(row),
    token: fresh.token.reveal(),
  };
}

async function revoke(
  parts: DirectoryTokenParts,
  name: string,
  token: string,
  by: string,
): Promise<DirectoryTokenDocument> {
  const directory = await parts.find(name);
  const now = storedInstant(parts.clock.now());
  const row = await parts.store.write('push', async (sql) => {
    await lockTenant(sql, parts.tenant);
    const ended = await revokeDirectoryToken(sql, placeOf(parts, directory), token, now);
    if (ended === null) return null;
    const detail = { directory: directory.id, token: ended.id };
    await appendAudit(sql, parts.tenant, { at: now, who: by, action: 'directory.tokenRevoked', detail });
    return ended;
  });
  if (row !== null) return directoryTokenDocument(row);
  throw new RollcallError('RC_DIRECTORY_TOKEN_NOT_FOUND', 1, 'stop', {
    what: `The directory ${directory.name} has no such token.`,
    where: { tenant: parts.tenant, directory: directory.name },
    mend: 'Name a token by its id (dtk-…) or by its prefix (rcd_…): see "rollcall directory tokens".',
  });
}

function placeOf({ tenant }: DirectoryTokenParts, { id }: Directory): { tenantId: string; directoryId: string } {
  return { tenantId: tenant, directoryId: id };
}

function notPushed(tenant: string, directory: Directory): RollcallError {
  return new RollcallError('RC_DIRECTORY_NOT_PUSHED', 64, 'stop', {
    what: `The directory ${directory.name} is read by its connector ${directory.connector}; nobody pushes to it.`,
    where: { tenant, directory: directory.name },
    mend: 'Name a directory with a connector that takes pushes, such as scim.',
  });
}
