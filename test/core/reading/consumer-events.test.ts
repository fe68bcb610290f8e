import { expect } from 'chai';
import { EVENT, type EventRow } from '#core/events/tables.js';
import { firstIdOf } from '#core/ids.js';
import { listConsumerEvents } from '#core/reading/consumer-events.js';
import { migrate } from '#core/store/migrate.js';
import { Store } from '#core/store/store.js';
import { insertRows, rawRows } from '#core/store/table.js';
import { onBothStores, type TestStore } from '../../support/stores.js';

const PAGE = { limit: 10, order: 'asc' } as const;

onBothStores('core/reading/consumer-events: events of several tenants', (kind) => {
  let place: TestStore;
  let store: Store;
  beforeEach(async () => {
    place = await kind.create();
    store = new Store(place.configuration);
    await migrate(store);
  });
  afterEach(async () => {
    await store.close();
    await place.remove();
  });

  function eventOf(tenant: string, sequence: number, madeAt: number): EventRow {
    return {
      ...{ tenant_id: tenant, sequence, id: `${firstIdOf('evt', new Date(madeAt))}${tenant}`, type: 'user.created' },
      ...{ occurred_at: new Date(madeAt).toISOString(), subject_kind: 'user', subject_id: 'usr-1', change_id: null },
      ...{ changed: '[]', data: '{}' },
    };
  }

  const put = (...rows: EventRow[]): Promise<void> => store.write('sweep', (sql) => insertRows(sql, EVENT, rows));
  /** What whoever goes on after `after` is told, where clocks do not differ. */
  const told = async (after?: string): Promise<string[]> => {
    const request = after === undefined ? PAGE : { ...PAGE, after };
    const { items } = await store.read((sql) => listConsumerEvents(sql, ['a', 'b'], request, { skewMs: 0 }));
    return items.map(({ id }) => id);
  };

  it('tells none that a transaction which still runs may put one before', async () => {
    if (kind.name === 'SQLite') {
      // One transaction writes at a time: whatever is there was made before all that is still to come.
      const [first, second] = [eventOf('a', 1, Date.now() + 60_000), eventOf('b', 1, Date.now() + 120_000)];
      await put(first, second);
      expect(await told()).to.deep.equal([first.id, second.id]);
      return;
    }
    const slow = new Store(place.configuration);
    let early: EventRow | undefined;
    let late: EventRow | undefined;
    await slow.write('sweep', async (sql) => {
      const [row] = await rawRows<{ ms: string }>(
        sql,
        `SELECT floor(extract(epoch FROM now()) * 1000)::bigint AS ms, pg_current_xact_id()`,
      );
      const began = Number(row?.ms);
      // The slow one has made its id, and the other tenant's, made later, is committed first.
      early = eventOf('a', 1, began + 1);
      await insertRows(sql, EVENT, [early]);
      late = eventOf('b', 1, began + 2);
      await put(late);
      expect(await told()).to.deep.equal([]);
    });
    await slow.close();
    const expected = [early?.id, late?.id];
    // Another suite's transaction may hold the list back for a moment.
    while ((await told()).length < expected.length);
    expect(await told()).to.deep.equal(expected);
    expect(await told(early?.id)).to.deep.equal([late?.id]);
  });

  it('refuses a cursor of a third tenant as one that is not there', async () => {
    const foreign = eventOf('c', 1, 0);
    await put(foreign);
    for (const id of [foreign.id, 'evt-none']) {
      const refused = await told(id).then(
        () => 'none',
        (error: unknown) => `${(error as { code: string }).code} ${(error as Error).message}`,
      );
      expect(refused).to.equal('RC_CURSOR_INVALID The cursor names no object of this list.');
    }
  });
});
