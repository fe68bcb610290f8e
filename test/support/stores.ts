import { randomBytes } from 'node:crypto';
import { rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { StoreConfiguration } from '@rollcall/core';
import pg from 'pg';
import { postgresqlUrl, usesServer } from './servers.js';

/** A database of one test's own. */
export interface TestStore {
  configuration: StoreConfiguration;
  /** How many rows were inserted, updated or deleted since the last call, counted from outside where the store can. */
  remove(): Promise<void>;
}

/** A kind of store that suites run on. */
export interface StoreKind {
  name: 'SQLite' | 'PostgreSQL';
  create(): Promise<TestStore>;
}

/** For tests that need one store. */
export const sqlite: StoreKind = {
  name: 'SQLite',
  async create() {
    const folder = await mkdtemp(path.join(tmpdir(), 'rollcall-store-'));
    return {
      configuration: { client: 'sqlite3', file: path.join(folder, 'rollcall.db') },
      remove: () => rm(folder, { recursive: true, force: true }),
    };
  },
};

const postgresql: StoreKind = {
  name: 'PostgreSQL',
  async create() {
    const schema = `t${randomBytes(8).toString('hex')}`;
    await withClient((client) => client.query(`CREATE SCHEMA ${schema}`));
    return {
      configuration: { client: 'pg', url: postgresqlUrl(), schema },
      remove: () =>
        withClient(async (client) => {
          await client.query(`DROP SCHEMA ${schema} CASCADE`);
        }),
    };
  },
};

async function withClient<T>(task: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: postgresqlUrl() });
  await client.connect();
  try {
    return await task(client);
  } finally {
    await client.end();
  }
}

/** Runs a suite once a store: its tests prove that both behave alike. */
export function onBothStores(title: string, suite: (kind: StoreKind) => void): void {
  describe(`${title} on SQLite`, () => {
    suite(sqlite);
  });
  describe(`${title} on PostgreSQL`, () => {
    usesServer('postgresql');
    suite(postgresql);
  });
}
