import type { RollcallOptions } from './runtime.js';
import type { ReadingDoor } from './reading-door.js';
import { migrate, refuseNewer } from './store/migrate.js';
import { Store } from './store/store.js';
import { tenantReader } from './tenant-reader.js';
import { notApplied } from './tenancy/not-applied.js';

export type { ReadingDoor } from './reading-door.js';

/** A store, open for questions alone. */
export interface ReadingRollcall extends AsyncDisposable {
  /** @throws RC_NOT_APPLIED (78) when the tenant was never applied. */
  tenant(name: string): Promise<ReadingDoor>;
  close(): Promise<void>;
}

/**
 * Opens a store for questions alone. Whoever asks and does nothing else waits for no connectors: it is the
 * fast way for short-lived processes, and answers what `createRollcall` does. A database of an older version is migrated
 * first, as it is by every other door.
 *
 * @throws RC_STORE_NEWER (1) when the database is newer than this package; RC_STORE_* when it cannot be opened.
 */
export async function openForReading(
  options: Pick<RollcallOptions, 'store' | 'clock' | 'evaluator'>,
): Promise<ReadingRollcall> {
  const store = new Store(options.store);
  try {
    await refuseNewer(store);
  } catch (error) {
    await store.close();
    throw error;
  }
  const close = (): Promise<void> => store.close();
  return {
    tenant: async (name) => {
      const { version, pending } = await refuseNewer(store);
      if (version > 0 && pending.length > 0) await migrate(store);
      if (version === 0) throw notApplied(name);
      const { clock, evaluator } = options;
      return tenantReader({
        store,
        tenant: name,
        clock: clock ?? { now: () => new Date() },
        evaluator: () => (evaluator === undefined ? compiledEvaluator() : Promise.resolve(evaluator)),
      });
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function compiledEvaluator(): Promise<NonNullable<RollcallOptions['evaluator']>> {
  const { CompiledEvaluator } = await import('./mapping/compiled-evaluator.js');
  return new CompiledEvaluator();
}
