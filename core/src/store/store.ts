import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import knexFactory, { type Knex } from 'knex';
import { storeBusy, wrapStoreError } from './errors.js';
import { keepStatements, type SqliteConnection } from './kept-statements.js';
import { copyForRehearsal, removeCopy } from './rehearsal-copy.js';
import type { Sql } from './table.js';
import { WriterQueue, type Lane } from './writer-queue.js';

/** Where the store is. */
export type StoreConfiguration = { client: 'sqlite3'; file: string } | { client: 'pg'; url: string; schema?: string };

/** How long a write waits for another process before it says that the store is busy. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * The database behind Knex: one writer at a time on SQLite, a pool on PostgreSQL. All writing goes through `write`,
 * which is a transaction; no transaction is open across I/O of a source.
 */
export class Store {
  readonly client: 'sqlite3' | 'pg';
  readonly #writer: Knex;
  readonly #reader: Knex;
  readonly #queue = new WriterQueue();
  /** Where there is one. */
  readonly #file: string | null;

  /** @param busyTimeoutMs - how long a write on SQLite waits for another process. */
  constructor(configuration: StoreConfiguration, { busyTimeoutMs = BUSY_TIMEOUT_MS } = {}) {
    this.client = configuration.client;
    this.#file = configuration.client === 'sqlite3' && configuration.file !== ':memory:' ? configuration.file : null;
    if (configuration.client === 'sqlite3') {
      const { file } = configuration;
      prepareFile(file);
      this.#writer = sqlitePool(file, 1, busyTimeoutMs);
      this.#reader = file === ':memory:' ? this.#writer : sqlitePool(file, 2, busyTimeoutMs);
    } else {
      this.#writer = postgresPool(configuration);
      this.#reader = this.#writer;
    }
  }

  /** The connection for reading outside transactions. On SQLite it must not write. */
  get sql(): Sql {
    return this.#reader;
  }

  /** Hears every statement, for tests that count them. */
  onQuery(listener: (text: string) => void): void {
    for (const pool of new Set([this.#writer, this.#reader]))
      pool.on('query', (query: { sql: string }) => {
        listener(query.sql);
      });
  }

  /** Reads; a driver's error comes back as one that says how to mend it. */
  async read<T>(task: (sql: Sql) => Promise<T>): Promise<T> {
    try {
      return await task(this.#reader);
    } catch (error) {
      throw wrapStoreError(error);
    }
  }

  /** Runs `task` in one transaction: all of it is kept, or nothing. */
  async write<T>(lane: Lane, task: (sql: Sql) => Promise<T>): Promise<T> {
    try {
      if (this.client === 'pg')
        return await this.#writer.transaction((transaction) => task(transaction as unknown as Sql));
      return await this.#queue.run(lane, () => this.#immediate(task));
    } catch (error) {
      throw wrapStoreError(error);
    }
  }

  /** One writing statement, in its turn: it is a transaction by itself. */
  async writeOne<T>(lane: Lane, statement: (sql: Sql) => Promise<T>): Promise<T> {
    try {
      if (this.client === 'pg') return await statement(this.#writer);
      return await this.#queue.run(lane, () => statement(this.#writer));
    } catch (error) {
      throw wrapStoreError(error);
    }
  }

  /** True while further writes of the lane wait in this process; never on PostgreSQL, where they need not. */
  isAwaited(lane: Lane): boolean {
    return this.#queue.isAwaited(lane);
  }

  /**
   * Like `rehearse`, for what takes long: on SQLite it happens on a copy of the database, so that nobody waits for it.
   * On PostgreSQL others wait only for the rows that it locks.
   */
  async rehearseApart<T>(lane: Lane, task: (sql: Sql) => Promise<T>): Promise<T> {
    if (this.#file === null) return this.rehearse(lane, task);
    let copy: string | undefined;
    try {
      copy = await copyForRehearsal(this.#file, this.#reader);
      await using apart = new Store({ client: 'sqlite3', file: copy });
      return await apart.write(lane, task);
    } catch (error) {
      throw wrapStoreError(error);
    } finally {
      if (copy !== undefined) removeCopy(copy);
    }
  }

  /** Like `write`, but nothing is kept: what it returns is what would have been. */
  async rehearse<T>(lane: Lane, task: (sql: Sql) => Promise<T>): Promise<T> {
    let answer: { value: T } | undefined;
    try {
      await this.write(lane, async (sql) => {
        answer = { value: await task(sql) };
        throw new Rehearsed();
      });
    } catch (error) {
      if (!(error instanceof Rehearsed)) throw error;
    }
    if (answer === undefined) throw new Error('A rehearsal ended without an answer.');
    return answer.value;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    await this.#reader.destroy();
    if (this.#writer !== this.#reader) await this.#writer.destroy();
  }

  /** `BEGIN IMMEDIATE` takes the write lock at once: a transaction that starts as a reader could fail at its first write. */
  async #immediate<T>(task: (sql: Sql) => Promise<T>): Promise<T> {
    await this.#writer.raw('BEGIN IMMEDIATE');
    try {
      const value = await task(this.#writer);
      await this.#writer.raw('COMMIT');
      return value;
    } catch (error) {
      await this.#rollback();
      throw error;
    }
  }

  /** A full disk or an I/O error may have ended the transaction already; the first error is the one to tell. */
  async #rollback(): Promise<void> {
    try {
      await this.#writer.raw('ROLLBACK');
    } catch {
      // The transaction is gone, which is what was wanted.
    }
  }
}

class Rehearsed extends Error {}

/** The file is made before SQLite makes it, so that nobody else can read it. */
function prepareFile(file: string): void {
  if (file === ':memory:' || existsSync(file)) return;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
  } catch (error) {
    throw wrapStoreError(Object.assign(new Error('cannot create'), { code: 'SQLITE_CANTOPEN', cause: error }));
  }
}

/** Knex prints what goes wrong; we throw it. */
const QUIET: NonNullable<Knex.Config['log']> = { warn: nothing, error: nothing, deprecate: nothing, debug: nothing };
function nothing(): void {
  // The error reaches the caller.
}

function sqlitePool(file: string, max: number, busyTimeoutMs: number): Knex {
  return knexFactory({
    client: 'sqlite3',
    log: QUIET,
    connection: { filename: file },
    useNullAsDefault: true,
    acquireConnectionTimeout: 600_000,
    pool: {
      min: 0,
      max,
      idleTimeoutMillis: 3_600_000,
      afterCreate(connection: SqliteConnection, done: (error: Error | null, connection: SqliteConnection) => void) {
        connection.configure('busyTimeout', busyTimeoutMs);
        keepStatements(connection);
        connection.exec(
          `PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32000; PRAGMA wal_autocheckpoint=4000;`,
          (error) => {
            done(error, connection);
          },
        );
      },
    },
  });
}

function postgresPool(configuration: { url: string; schema?: string }): Knex {
  return knexFactory({
    client: 'pg',
    log: QUIET,
    connection: { connectionString: configuration.url, application_name: 'rollcall' },
    ...(configuration.schema === undefined ? {} : { searchPath: [configuration.schema] }),
    pool: { min: 0, max: 8 },
  });
}

export { storeBusy };
