import type { Clock } from '@rollcall/connector-kit';
import { sha256Hex } from './hash.js';
import type { Evaluator } from './mapping/evaluator.js';
import { catalogueOf, type Catalogue, type Schema } from './model/catalogue.js';
import { storedInstant } from './model/instants.js';
import { readingDoor, type ReadingDoor } from './reading-door.js';
import type { Store } from './store/store.js';
import { notApplied } from './tenancy/not-applied.js';
import type { TenantRow } from './tenancy/tables.js';

/** What a tenant is read with. The evaluator is asked for by those answers alone that map payloads of then once more. */
export interface ReaderParts {
  store: Store;
  tenant: string;
  clock: Clock;
  evaluator: () => Promise<Evaluator>;
  /** The attributes of a tenant with this `custom`; a long-lived process keeps them. */
  catalogue?: (custom: string) => Catalogue;
}

/**
 * Opens one tenant for questions; one small statement finds it.
 *
 * @throws RC_NOT_APPLIED (78) when the tenant was never applied.
 */
export async function tenantReader({
  store,
  tenant,
  clock,
  evaluator,
  catalogue = (custom) => catalogueOf(JSON.parse(custom) as Record<string, Schema>),
}: ReaderParts): Promise<ReadingDoor> {
  const row = await store.read((sql) => sql<TenantRow>('tenant').where({ id: tenant }).first('custom'));
  if (row === undefined) throw notApplied(tenant);
  return readingDoor({
    tenant,
    read: (task) => store.read(task),
    now: () => storedInstant(clock.now()),
    mappings: async () => ({
      evaluator: await evaluator(),
      catalogue: catalogue(row.custom),
      hash: sha256Hex,
    }),
  });
}
