import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { Store } from '#core/store/store.js';
import { rawRows } from '#core/store/table.js';

describe('core/store/kept-statements', () => {
  let folder: string;
  let store: Store;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rollcall-statements-'));
    store = new Store({ client: 'sqlite3', file: path.join(folder, 'rollcall.db') });
    await store.write('sweep', async (sql) => {
      await sql.raw('CREATE TABLE note (id TEXT PRIMARY KEY, text TEXT)');
    });
  });

  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  const put = (id: string, text: string | null): Promise<unknown> =>
    store.write('sweep', (sql) => sql.raw('INSERT INTO note (id, text) VALUES (?, ?)', [id, text] as never));
  const all = (): Promise<object[]> => store.read((sql) => rawRows<object>(sql, 'SELECT * FROM note ORDER BY id'));

  it('gives each call its own bindings and rows, null after a text, too', async () => {
    for (const [n, text] of ['a', null, '', 'd', null].entries()) await put(String(n), text);
    expect((await all()).map((row) => (row as { text: unknown }).text)).to.deep.equal(['a', null, '', 'd', null]);
    expect(await all()).to.have.length(5);
  });

  it('fails each time that it fails, and works after that', async () => {
    await put('x', 'first');
    for (let time = 0; time < 4; time++) {
      const error = await put('x', 'again').catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(Error);
      await put(`y${time}`, 'other');
    }
    expect(await all()).to.have.length(5);
  });

  it('sees columns that came after it was prepared', async () => {
    for (let time = 0; time < 3; time++) await all();
    await store.write('sweep', (sql) => sql.raw('ALTER TABLE note ADD COLUMN more TEXT'));
    await put('a', 'b');
    expect(await all()).to.deep.equal([{ id: 'a', text: 'b', more: null }]);
  });

  it('takes texts of any size and any number of different statements', async () => {
    for (let n = 0; n < 3; n++) await put(`big${n}`, 'x'.repeat(100_000));
    for (let n = 0; n < 500; n++) {
      const rows = await store.read((sql) => rawRows<{ n: number }>(sql, `SELECT ${n % 250} AS n`));
      expect(rows).to.deep.equal([{ n: n % 250 }]);
    }
    expect(await all()).to.have.length(3);
  });
});
