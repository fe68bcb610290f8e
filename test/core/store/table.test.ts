import { expect } from 'chai';
import { Store } from '#core/store/store.js';
import {
  deleteRows,
  insertRows,
  rawRows,
  selectRows,
  table,
  updateRows,
  upsertRows,
  type Sql,
} from '#core/store/table.js';
import { onBothStores, type TestStore } from '../../support/stores.js';

interface ThingRow {
  tenant_id: string;
  id: string;
  /** A word that SQL knows. */
  order: string | null;
  count: number | null;
}

const THING = table<ThingRow>('thing', { tenant_id: 'text', id: 'text', order: 'text', count: 'int' }, [
  'tenant_id',
  'id',
]);

const thing = (id: string, order: string | null = null, count: number | null = null): ThingRow => ({
  tenant_id: 'acme',
  id,
  order,
  count,
});

const TEXTS = [
  '',
  ' ',
  `O'Brien said "no"; DROP TABLE thing; --`,
  'back\\slash and \\u0000 in letters',
  'line\nbreak\ttab\r',
  'Grüße Ωμέγα 日本語 \u{1d11e} \u{1f469}\u200d\u{1f4bb}',
  'e\u0301 is not \u00e9',
  '?:$1 :name {}',
  'null',
  'true',
  '007',
  '1e3',
  '{"a":[1,null,"x"]}',
];

onBothStores('core/store/table', (kind) => {
  let place: TestStore;
  let store: Store;

  const write = <T>(task: (sql: Sql) => Promise<T>): Promise<T> => store.write('sweep', task);
  const all = (): Promise<ThingRow[]> =>
    store.read((sql) => rawRows<ThingRow>(sql, 'SELECT tenant_id, id, "order", count FROM thing ORDER BY count, id'));

  beforeEach(async () => {
    place = await kind.create();
    store = new Store(place.configuration);
    await write((sql) =>
      sql.schema.createTable('thing', (t) => {
        t.text('tenant_id').notNullable();
        t.text('id').notNullable();
        t.text('order');
        t.integer('count');
        t.primary(['tenant_id', 'id']);
      }),
    );
  });

  afterEach(async () => {
    await store.close();
    await place.remove();
  });

  it('gives every text back as it was', async () => {
    const rows = TEXTS.map((text, n) => thing(`id ${text}`, text, n));
    await write((sql) => insertRows(sql, THING, rows));
    expect(await all()).to.deep.equal(rows);
    const found = await store.read((sql) =>
      selectRows(
        sql,
        THING,
        { tenant_id: 'acme' },
        ['order'],
        TEXTS.map((text) => [text]),
      ),
    );
    expect(found.sort((a, b) => Number(a.count) - Number(b.count))).to.deep.equal(rows);
  });

  it('tells null from an empty text', async () => {
    await write((sql) => insertRows(sql, THING, [thing('a', null, null), thing('b', '', 0)]));
    const rows = new Map((await all()).map((row) => [row.id, row]));
    expect([rows.get('a'), rows.get('b')]).to.deep.equal([thing('a', null, null), thing('b', '', 0)]);
  });

  it('keeps numbers to the ends of an integer', async () => {
    const rows = [thing('least', null, -2_147_483_648), thing('none', null, 0), thing('most', null, 2_147_483_647)];
    await write((sql) => insertRows(sql, THING, rows));
    expect(await all()).to.deep.equal(rows);
  });

  it('refuses a character NUL, which PostgreSQL cannot hold, and keeps nothing', async () => {
    const refused = write((sql) => insertRows(sql, THING, [thing('good'), thing('bad', 'a\0b')]));
    await refused.then(
      () => expect.fail('it was not refused'),
      (error: unknown) => {
        expect(error).to.be.an('error').with.property('message', 'A text with a character NUL cannot be stored.');
      },
    );
    expect(await all()).to.deep.equal([]);
  });

  it('carries 1,200 rows in three statements of one text', async () => {
    const heard: string[] = [];
    store.onQuery((text) => heard.push(text));
    const rows = Array.from({ length: 1_200 }, (_, n) => thing(`id ${n}`, `text ${n}`, n));
    await write((sql) => insertRows(sql, THING, rows));
    const inserts = heard.filter((text) => text.startsWith('INSERT'));
    expect([inserts.length, new Set(inserts).size]).to.deep.equal([3, 1]);
    expect(await all()).to.deep.equal(rows);
    const keys = rows.map((row) => [row.id]);
    const found = await store.read((sql) => selectRows(sql, THING, { tenant_id: 'acme' }, ['id'], keys));
    expect(found).to.have.length(1_200);
    await write((sql) =>
      updateRows(
        sql,
        THING,
        ['order'],
        rows.map((row) => ({ ...row, order: 'changed' })),
      ),
    );
    expect((await all()).every((row) => row.order === 'changed')).to.equal(true);
    await write((sql) => deleteRows(sql, THING, rows.slice(1)));
    expect(await all()).to.deep.equal([thing('id 0', 'changed', 0)]);
  });

  it('runs no statement for an empty list', async () => {
    const heard: string[] = [];
    await write(async (sql) => {
      store.onQuery((text) => heard.push(text));
      await insertRows(sql, THING, []);
      await upsertRows(sql, THING, []);
      await updateRows(sql, THING, ['order'], []);
      await deleteRows(sql, THING, []);
      expect(await selectRows(sql, THING, { tenant_id: 'acme' }, ['id'], [])).to.deep.equal([]);
    });
    expect(heard.filter((text) => !/^commit/i.test(text))).to.deep.equal([]);
  });

  it('fails as a whole where one row is there already', async () => {
    await write((sql) => insertRows(sql, THING, [thing('a')]));
    const refused = write((sql) => insertRows(sql, THING, [thing('b'), thing('a')]));
    await refused.then(
      () => expect.fail('it was not refused'),
      () => undefined,
    );
    expect(await all()).to.deep.equal([thing('a')]);
  });

  it('upserts: new rows come, others are replaced, or only the named columns', async () => {
    await write((sql) => insertRows(sql, THING, [thing('a', 'old', 1), thing('b', 'old', 2)]));
    await write((sql) => upsertRows(sql, THING, [thing('a', 'new', 10), thing('c', 'new', 30)]));
    await write((sql) => upsertRows(sql, THING, [thing('b', 'newer', 20)], ['order']));
    expect(await all()).to.deep.equal([thing('b', 'newer', 2), thing('a', 'new', 10), thing('c', 'new', 30)]);
  });

  it('updates the named columns of the rows that are there, nothing else', async () => {
    const stranger = { ...thing('a', 'stranger', 5), tenant_id: 'other' };
    await write((sql) => insertRows(sql, THING, [thing('a', 'old', 1), thing('b', 'old', 2), stranger]));
    await write((sql) => updateRows(sql, THING, ['count'], [thing('a', 'ignored', 10), thing('gone', 'x', 9)]));
    expect(await all()).to.deep.equal([thing('b', 'old', 2), stranger, thing('a', 'old', 10)]);
  });

  it('sets a column to null', async () => {
    await write((sql) => insertRows(sql, THING, [thing('a', 'old', 1)]));
    await write((sql) => updateRows(sql, THING, ['order', 'count'], [thing('a')]));
    expect(await all()).to.deep.equal([thing('a')]);
  });

  it('deletes by the whole key', async () => {
    const stranger = { ...thing('a', null, 5), tenant_id: 'other' };
    await write((sql) => insertRows(sql, THING, [thing('a', null, 1), thing('b', null, 2), stranger]));
    await write((sql) => deleteRows(sql, THING, [thing('a'), thing('gone')]));
    expect(await all()).to.deep.equal([thing('b', null, 2), stranger]);
  });

  it('selects within its scope, by several columns', async () => {
    const stranger = { ...thing('a', 'x', 1), tenant_id: 'other' };
    await write((sql) =>
      insertRows(sql, THING, [thing('a', 'x', 1), thing('b', 'x', 2), thing('c', 'y', 2), stranger]),
    );
    const found = await store.read((sql) =>
      selectRows(
        sql,
        THING,
        { tenant_id: 'acme' },
        ['order', 'count'],
        [
          ['x', 1],
          ['y', 2],
          ['y', 1],
        ],
      ),
    );
    expect(found.map((row) => row.id).sort()).to.deep.equal(['a', 'c']);
  });
});
