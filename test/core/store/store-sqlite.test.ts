import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { createRollcall } from '@rollcall/core';
import { migrate, schemaStatus } from '#core/store/migrate.js';
import { Store } from '#core/store/store.js';
import { deleteRows, rawRows, selectRows, updateRows, upsertRows, type Sql } from '#core/store/table.js';
import { CLAIMS } from '#core/sources/tables.js';
import { codeOf } from './refused.js';

describe('core/store/store on a SQLite file', () => {
  let folder: string;
  let file: string;
  let stores: Store[];

  const open = (busyTimeoutMs = 5_000): Store => {
    const store = new Store({ client: 'sqlite3', file }, { busyTimeoutMs });
    stores.push(store);
    return store;
  };

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rollcall-sqlite-'));
    file = path.join(folder, 'deep', 'rollcall.db');
    stores = [];
  });

  afterEach(async () => {
    for (const store of stores) await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('makes the file and its companions so that nobody else can read them', async () => {
    await migrate(open());
    for (const name of [file, `${file}-wal`, `${file}-shm`])
      expect((await stat(name)).mode & 0o777, path.basename(name)).to.equal(0o600);
  });

  it('says that it is busy while another process holds the write lock, and reads all the same', async () => {
    const holder = open();
    await migrate(holder);
    const other = open(0);
    await holder.write('sweep', async (sql) => {
      await sql('schema_version').update({ version: 1 });
      expect(await codeOf(other.write('sweep', (inner) => inner('tenant').select('id')))).to.deep.equal([
        'RC_STORE_BUSY',
        75,
      ]);
      expect((await schemaStatus(other)).version).to.equal((await schemaStatus(holder)).version);
    });
    await other.write('sweep', (sql) => sql('tenant').select('id'));
  });

  it('waits for another process that is done soon', async () => {
    const holder = open();
    await migrate(holder);
    const other = open();
    const order: string[] = [];
    let waiting: Promise<void> | undefined;
    await holder.write('sweep', async (sql) => {
      waiting = other.write('sweep', () => Promise.resolve(void order.push('other')));
      await sql('tenant').select('id');
      order.push('holder');
    });
    await waiting;
    expect(order).to.deep.equal(['holder', 'other']);
  });

  const copies = async (): Promise<string[]> =>
    (await readdir(path.dirname(file))).filter((name) => name.includes('.rehearsal-'));

  it('rehearses apart: others write meanwhile, nobody else can read the copy, and nothing of it is kept', async () => {
    const store = open();
    await migrate(store);
    const { version } = await schemaStatus(store);
    const answer = await store.rehearseApart('sweep', async (sql) => {
      await sql('schema_version').update({ version: 1 });
      await store.write('sweep', (inner) => inner('schema_version').update({ version: 2 }));
      await open(0).write('sweep', (inner) => inner('schema_version').update({ version }));
      const [copy = ''] = await copies();
      expect((await stat(path.join(path.dirname(file), copy))).mode & 0o777).to.equal(0o600);
      return sql('schema_version').select('version');
    });
    expect(answer).to.deep.equal([{ version: 1 }]);
    expect((await schemaStatus(store)).version).to.equal(version);
    expect(await copies()).to.deep.equal([]);
    const failing = store.rehearseApart('sweep', () => Promise.reject(new Error('on purpose')));
    expect(await failing.catch((error: unknown) => String(error))).to.equal('Error: on purpose');
    expect(await copies()).to.deep.equal([]);
  });

  it('removes copies that a killed process left, and those alone', async () => {
    const store = open();
    await migrate(store);
    const dead = spawnSync(process.execPath, ['--version']).pid;
    const left = [
      `${hostname()}-${dead}-0a`,
      `${hostname()}-${dead}-0a-wal`,
      `${hostname()}-${process.ppid}-0b`,
      'elsewhere-1-0c',
    ];
    for (const name of left) await writeFile(`${file}.rehearsal-${name}`, '');
    await store.rehearseApart('sweep', () => Promise.resolve());
    expect((await copies()).sort()).to.deep.equal(
      left
        .slice(2)
        .map((name) => `rollcall.db.rehearsal-${name}`)
        .sort(),
    );
  });

  it('says that it is read-only, and keeps what is there', async () => {
    const store = open();
    await migrate(store);
    await store.write('sweep', (sql) => sql.raw('PRAGMA query_only = ON'));
    expect(await codeOf(store.write('sweep', growing))).to.deep.equal(['RC_STORE_READ_ONLY', 1]);
    expect((await schemaStatus(store)).pending).to.deep.equal([]);
  });

  it('says that it is full, keeps nothing of that task, and goes on when there is room', async () => {
    const store = open();
    await migrate(store);
    await store.write('sweep', (sql) => sql.schema.createTable('heap', (t) => void t.text('text')));
    const limit = (pages: number): Promise<unknown> =>
      store.write('sweep', (sql) => sql.raw(`PRAGMA max_page_count = ${pages}`));
    await limit(1);
    expect(await codeOf(store.write('sweep', growing))).to.deep.equal(['RC_STORE_FULL', 1]);
    await limit(1_000_000);
    expect(await store.read((sql) => sql('heap').select())).to.deep.equal([]);
    await store.write('sweep', growing);
    expect(await store.read((sql) => sql('heap').select())).to.have.length(1);
  });

  it('finds rows by the index of their key, however large the table is', async () => {
    const store = open();
    await migrate(store);
    const heard = new Set<string>();
    store.onQuery((text) => heard.add(text));
    const row = { tenant_id: 'acme', record_id: 'r', claims: '{}', mapping_version: '', payload_no: 1 };
    await store.write('sweep', async (sql) => {
      await upsertRows(sql, CLAIMS, [row]);
      await updateRows(sql, CLAIMS, ['claims'], [row]);
      await selectRows(sql, CLAIMS, { tenant_id: 'acme' }, ['record_id'], [['r']]);
      await deleteRows(sql, CLAIMS, [row]);
    });
    const texts = [...heard].filter((text) => /^(UPDATE|SELECT|DELETE)/.test(text));
    expect(texts).to.have.length(3);
    for (const text of texts) {
      const bindings = Array.from({ length: text.split('?').length - 1 }, () => '[]');
      const plan = await store.read((sql) => rawRows<{ detail: string }>(sql, `EXPLAIN QUERY PLAN ${text}`, bindings));
      const steps = plan.map((step) => step.detail).join(', ');
      expect(steps, text).to.match(/SEARCH (claims|t) USING/);
      expect(steps, text).not.to.match(/SCAN (claims|t)\b/);
    }
  });

  it('says that a file is no database', async () => {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, 'employee_id;first_name\n'.repeat(100));
    expect(await codeOf(schemaStatus(open()))).to.deep.equal(['RC_STORE_UNREADABLE', 1]);
    expect(await codeOf(createRollcall({ store: { client: 'sqlite3', file } }))).to.deep.equal([
      'RC_STORE_UNREADABLE',
      1,
    ]);
  });

  it('says that a folder is no database', async () => {
    await mkdir(file, { recursive: true });
    expect(await codeOf(schemaStatus(open()))).to.deep.equal(['RC_STORE_UNREADABLE', 1]);
  });

  it('says that it cannot be made where a file is in the way', async () => {
    await writeFile(path.dirname(file), '');
    expect(await codeOf(Promise.resolve().then(() => open()))).to.deep.equal(['RC_STORE_UNREADABLE', 1]);
  });
});

function growing(sql: Sql): Promise<unknown> {
  return Promise.resolve(sql('heap').insert({ text: 'x'.repeat(200_000) }));
}
