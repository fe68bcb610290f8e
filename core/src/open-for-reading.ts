import type { RollcallOptions } from './runtime.js';
import { storedInstant } from './model/instants.js';
import { readingDoor, type ReadingDoor } from './reading-door.js';
import { migrate, refuseNewer } from './store/migrate.js';
import { Store } from './store/store.js';
import { notApplied } from './tenancy/not-applied.js';

export type { ReadingDoor } from './reading-door.js';

/** A store, open for questions alone. */
export interface ReadingRollcall extends AsyncDisposable {
  /** @throws RC_NOT_APPLIED (78) when the tenant was never applied. */
  tenant(name: string): Promise<ReadingDoor>;
  close(): Promise<void>;
}

/**
 * Opens a store for questions alone. Whoever asks and does nothing else waits for neither connectors nor mappings: it is
 * the fast way for short-lived processes, and answers what `createRollcall` does.
 *
 * @throws RC_STORE_NEWER (1) when the database is newer than this package; RC_STORE_* when it cannot be opened.
 */
export async function openForReading(options: Pick<RollcallOptions, 'store' | 'clock'>): Promise<ReadingRollcall> {
  const store = new Store(options.store);
  try {
    await refuseNewer(store);
  } catch (error) {
    await store.close();
    throw error;
  }
  const now = (): string => storedInstant(options.clock?.now() ?? new Date());
  const close = (): Promise<void> => store.close();
  return {
    tenant: async (name) => {
      const { version, pending } = await refuseNewer(store);
      if (version > 0 && pending.length > 0) await migrate(store);
      if (version === 0 || !(await isApplied(store, name))) throw notApplied(name);
      return readingDoor(name, (task) => store.read(task), now);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function isApplied(store: Store, tenant: string): Promise<boolean> {
  return store.read(async (sql) => (await sql('tenant').where({ id: tenant }).first()) !== undefined);
}
