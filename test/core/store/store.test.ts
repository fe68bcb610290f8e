import { expect } from 'chai';
import { Store } from '#core/store/store.js';
import { rawRows, type Sql } from '#core/store/table.js';
import { onBothStores, type TestStore } from '../../support/stores.js';

onBothStores('core/store/store', (kind) => {
  let place: TestStore;
  let store: Store;

  beforeEach(async () => {
    place = await kind.create();
    store = new Store(place.configuration);
    await store.write('sweep', (sql) => sql.schema.createTable('note', (t) => void t.text('text').primary()));
  });

  afterEach(async () => {
    await store.close();
    await place.remove();
  });

  const put = (text: string) => (sql: Sql) => sql('note').insert({ text });
  const notes = (sql: Sql): Promise<string[]> =>
    rawRows<{ text: string }>(sql, 'SELECT text FROM note ORDER BY text').then((rows) => rows.map((row) => row.text));

  it('keeps what a task wrote, and shows it to whoever reads', async () => {
    await store.write('sweep', put('a'));
    expect(await store.read(notes)).to.deep.equal(['a']);
  });

  it('keeps nothing of a task that fails, and the next one runs', async () => {
    const failing = store.write('sweep', async (sql) => {
      await put('a')(sql);
      throw new Error('half-way');
    });
    await failing.then(
      () => expect.fail('it did not fail'),
      (error: unknown) => {
        expect(error).to.be.an('error').with.property('message', 'half-way');
      },
    );
    await store.write('sweep', put('b'));
    expect(await store.read(notes)).to.deep.equal(['b']);
  });

  it('keeps nothing of a task whose statement fails', async () => {
    await store.write('sweep', put('a'));
    const failing = store.write('sweep', async (sql) => {
      await put('b')(sql);
      await put('a')(sql);
    });
    await failing.then(
      () => expect.fail('it did not fail'),
      () => undefined,
    );
    expect(await store.read(notes)).to.deep.equal(['a']);
  });

  it('rehearses: what would be is answered, nothing is kept', async () => {
    await store.write('sweep', put('a'));
    const seen = await store.rehearse('sweep', async (sql) => {
      await put('b')(sql);
      return notes(sql);
    });
    expect(seen).to.deep.equal(['a', 'b']);
    expect(await store.read(notes)).to.deep.equal(['a']);
  });

  it('passes on the error of a rehearsal that fails', async () => {
    const failing = store.rehearse('sweep', () => Promise.reject(new Error('no')));
    await failing.then(
      () => expect.fail('it did not fail'),
      (error: unknown) => {
        expect(error).to.be.an('error').with.property('message', 'no');
      },
    );
    await store.write('sweep', put('a'));
    expect(await store.read(notes)).to.deep.equal(['a']);
  });

  it('does not show others what is not committed', async () => {
    const other = new Store(place.configuration);
    try {
      const seen = await store.write('sweep', async (sql) => {
        await put('a')(sql);
        return other.read(notes);
      });
      expect(seen).to.deep.equal([]);
      expect(await other.read(notes)).to.deep.equal(['a']);
    } finally {
      await other.close();
    }
  });

  it('lets tell what runs, reads and writes', async () => {
    const heard: string[] = [];
    store.onQuery((text) => heard.push(text));
    await store.write('sweep', put('a'));
    await store.read(notes);
    expect(heard.filter((text) => /^insert/i.test(text))).to.have.length(1);
    expect(heard.filter((text) => text.startsWith('SELECT text'))).to.have.length(1);
    expect(heard.filter((text) => /^begin/i.test(text))).to.have.length(1);
    expect(heard.filter((text) => /^commit/i.test(text))).to.have.length(1);
  });
});
