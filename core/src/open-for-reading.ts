import { sha256Hex } from './hash.js';
import type { MappingSource } from './history/as-of-claims.js';
import { catalogueOf, type Schema } from './model/catalogue.js';
import { storedInstant } from './model/instants.js';
import type { RollcallOptions } from './runtime.js';
import { readingDoor, type ReadingDoor } from './reading-door.js';
import { migrate, refuseNewer } from './store/migrate.js';
import { Store } from './store/store.js';
import type { TenantRow } from './tenancy/tables.js';
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
      const custom = version === 0 ? null : await customOf(store, name);
      if (custom === null) throw notApplied(name);
      return readingDoor({
        tenant: name,
        read: (task) => store.read(task),
        now: () => storedInstant(options.clock?.now() ?? new Date()),
        mappings: () => mappingSource(custom, options.evaluator),
      });
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The custom attributes of a tenant as they are stored; null where it was never applied. */
async function customOf(store: Store, tenant: string): Promise<string | null> {
  const row = await store.read((sql) => sql<TenantRow>('tenant').where({ id: tenant }).first('custom'));
  return row?.custom ?? null;
}

async function mappingSource(custom: string, evaluator: RollcallOptions['evaluator']): Promise<MappingSource> {
  const catalogue = catalogueOf(JSON.parse(custom) as Record<string, Schema>);
  return { evaluator: evaluator ?? (await compiledEvaluator()), catalogue, hash: sha256Hex };
}

async function compiledEvaluator(): Promise<NonNullable<RollcallOptions['evaluator']>> {
  const { CompiledEvaluator } = await import('./mapping/compiled-evaluator.js');
  return new CompiledEvaluator();
}
