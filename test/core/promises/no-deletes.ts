import { migrate } from '#core/store/migrate.js';
import { Store } from '#core/store/store.js';
import type { StoreKind } from '../../support/stores.js';

/** What no statement may ever delete from: the population, its evidence, its history. */
export const KEPT = [
  'user',
  'group',
  'membership',
  'source_record',
  'change',
  'event',
  'conflict',
  'review',
  'link_change',
] as const;

const REFUSAL = 'Nobody is deleted';

/** The same kind of store, migrated, with triggers that raise on every DELETE from what must stay. */
export function withoutDeletes(kind: StoreKind): StoreKind {
  return {
    ...kind,
    async create() {
      const place = await kind.create();
      const store = new Store(place.configuration);
      try {
        await migrate(store);
        await install(store);
      } finally {
        await store.close();
      }
      return place;
    },
  };
}

async function install(store: Store): Promise<void> {
  await store.write('sweep', async (sql) => {
    if (store.client === 'pg')
      await sql.raw(
        `CREATE FUNCTION refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '${REFUSAL}'; END $$`,
      );
    for (const name of KEPT) {
      const head = `CREATE TRIGGER "keep_${name}" BEFORE DELETE ON "${name}" FOR EACH ROW`;
      await sql.raw(
        store.client === 'pg'
          ? `${head} EXECUTE FUNCTION refuse_delete()`
          : `${head} BEGIN SELECT RAISE(ABORT, '${REFUSAL}'); END`,
      );
    }
  });
}
