import type { JsonObject, PushStore } from '@rollcall/connector-kit';
import { storedInstant } from './model/instants.js';
import type { Engine } from './reconciliation/engine.js';
import { PushDrain } from './reconciliation/push-drain.js';
import { DirectoryPushStore, takesPushes, type PushTools } from './reconciliation/push-store.js';
import { isToken, prefixOf } from './security/api-key-token.js';
import { findDirectoryToken, markDirectoryTokenUsed, type DirectoryTokenRow } from './security/directory-tokens.js';
import { findDirectory, type Directory } from './tenancy/directories.js';

/** A directory that is open to who pushes to it. */
export interface PushedDirectory {
  tenant: string;
  id: string;
  name: string;
  connector: string;
  settings: JsonObject;
  store: PushStore;
  /** The clock by which what is written is dated. */
  now: () => Date;
}

/**
 * What came of knocking. `token`: wrong, expired or revoked; nobody is told which. `elsewhere`: good for another directory,
 * or for none that is there. `closed`: the directory is paused, retired or a draft.
 */
export type PushEntry =
  { admitted: true; directory: PushedDirectory } | { admitted: false; because: 'token' | 'elsewhere' | 'closed' };

/** Where sources that push come in. */
export interface PushDoor {
  /** @param directoryId - `dir-` id. */
  enter(directoryId: string, token: string): Promise<PushEntry>;
  /** Resolves when the consequences of all that was pushed in this process are drawn. */
  settle(): Promise<void>;
}

/** What stands behind that door. */
export interface PushParts {
  engine: Engine;
  context: PushTools['context'];
  /** Brings the schema up to date where it is not. */
  prepare(): Promise<void>;
}

/** A use is remembered at most so often. */
const LAST_USED_EVERY_MS = 5 * 60_000;

/** The same from inside. */
export interface PushKeeper extends PushDoor {
  /** Draws what processes left that died between their answer and its consequences. */
  takeOver(): Promise<void>;
  /** Ends between two batches. */
  close(): Promise<void>;
}

/** Opens that door. */
export function openPushDoor(parts: PushParts): PushKeeper {
  const { engine } = parts;
  const context: PushTools['context'] = (sql, tenant) => parts.context(sql, tenant);
  const drain = new PushDrain(engine, context);
  const uses = new Map<string, Promise<void>>();
  const tools: PushTools = {
    engine,
    context,
    later: (place, runId) => {
      drain.wake(place, runId);
    },
  };
  return {
    takeOver: () => drain.takeOver(),
    async enter(directoryId, token) {
      await parts.prepare();
      const row = await goodToken(engine, token);
      if (row === null) return { admitted: false, because: 'token' };
      if (row.directory_id !== directoryId) return { admitted: false, because: 'elsewhere' };
      const directory = await engine.store.read((sql) => findDirectory(sql, row.tenant_id, row.directory_id));
      if (directory === null) return { admitted: false, because: 'elsewhere' };
      if (!takesPushes(directory)) return { admitted: false, because: 'closed' };
      remember(engine, uses, row);
      return { admitted: true, directory: opened(tools, row.tenant_id, directory) };
    },
    settle: () => drain.settle(),
    async close() {
      await drain.close();
      await Promise.all(uses.values());
    },
  };
}

function opened(tools: PushTools, tenant: string, { id, name, connector, settings }: Directory): PushedDirectory {
  const store = new DirectoryPushStore(tools, { tenantId: tenant, directoryId: id });
  return { tenant, id, name, connector, settings, store, now: () => tools.engine.clock.now() };
}

/** The row of a token that is good now; the same way is taken for one that nobody knows. */
async function goodToken({ store, clock }: Engine, token: string): Promise<DirectoryTokenRow | null> {
  const prefix = prefixOf(token, 'rcd');
  if (prefix === null) return null;
  const row = await store.read((sql) => findDirectoryToken(sql, prefix));
  const isRight = isToken(token, row?.hash ?? null);
  if (row === null || !isRight || row.revoked_at !== null) return null;
  return row.expires_at !== null && row.expires_at <= storedInstant(clock.now()) ? null : row;
}

/** Uses are written beside the requests, which never wait for a long write of somebody else. */
function remember({ store, clock, log }: Engine, running: Map<string, Promise<void>>, row: DirectoryTokenRow): void {
  const now = clock.now();
  const unlessAfter = storedInstant(new Date(now.getTime() - LAST_USED_EVERY_MS));
  if ((row.last_used_at ?? '') > unlessAfter || running.has(row.id)) return;
  const done = store
    .write('sweep', (sql) => markDirectoryTokenUsed(sql, row, storedInstant(now), unlessAfter))
    .catch(() => {
      log.warn('The last use of a directory token could not be remembered.', { token: row.id });
    })
    .finally(() => running.delete(row.id));
  running.set(row.id, done);
}
