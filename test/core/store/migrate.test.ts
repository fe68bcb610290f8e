import { expect } from 'chai';
import { createRollcall } from '@rollcall/core';
import { migrate, MIGRATIONS, refuseNewer, schemaStatus } from '#core/store/migrate.js';
import { Store } from '#core/store/store.js';
import { onBothStores, type TestStore } from '../../support/stores.js';
import { codeOf } from './refused.js';

const NAMES = MIGRATIONS.map((step) => step.name);
const LAST = MIGRATIONS.at(-1)?.version ?? 0;

onBothStores('core/store/migrate', (kind) => {
  let place: TestStore;
  let stores: Store[];

  const open = (): Store => {
    const store = new Store(place.configuration);
    stores.push(store);
    return store;
  };

  beforeEach(async () => {
    place = await kind.create();
    stores = [];
  });

  afterEach(async () => {
    for (const store of stores) await store.close();
    await place.remove();
  });

  it('builds the schema from nothing and says what it did', async () => {
    const store = open();
    expect((await schemaStatus(store)).version).to.equal(0);
    expect((await schemaStatus(store)).pending).to.have.length(NAMES.length);
    expect(await migrate(store)).to.deep.equal(NAMES);
    expect(await schemaStatus(store)).to.deep.equal({ version: LAST, known: LAST, pending: [] });
  });

  it('does nothing the second time', async () => {
    const store = open();
    await migrate(store);
    expect(await migrate(store)).to.deep.equal([]);
  });

  it('runs every step once where several processes begin at once', async () => {
    const ran = await Promise.all([open(), open(), open()].map((store) => migrate(store)));
    expect(ran.flat().sort()).to.deep.equal([...NAMES].sort());
    expect((await schemaStatus(open())).version).to.equal(LAST);
  });

  it('goes on where a killed process left a whole step', async () => {
    const store = open();
    const [first] = MIGRATIONS;
    await store.write('sweep', async (sql) => {
      await sql.schema.createTable('schema_version', (t) => void t.integer('version').notNullable());
      await first?.up(sql);
      await sql('schema_version').insert({ version: 1 });
    });
    expect(await migrate(store)).to.deep.equal(NAMES.slice(1));
  });

  it('refuses a database that is newer', async () => {
    const store = open();
    await migrate(store);
    await store.write('sweep', (sql) => sql('schema_version').update({ version: LAST + 1 }));
    expect(await codeOf(refuseNewer(store))).to.deep.equal(['RC_STORE_NEWER', 1]);
    expect(await codeOf(migrate(store))).to.deep.equal(['RC_STORE_NEWER', 1]);
    expect(await codeOf(createRollcall({ store: place.configuration }))).to.deep.equal(['RC_STORE_NEWER', 1]);
  });
});
