import { storeNewer } from './errors.js';
import { apiKeys } from './migrations/0004-api-keys.js';
import { pushed } from './migrations/0005-pushed.js';
import { historyAndRuns } from './migrations/0003-history.js';
import { population } from './migrations/0002-population.js';
import { sources } from './migrations/0001-sources.js';
import { schedules } from './migrations/0006-schedules.js';
import { standingOverrides } from './migrations/0007-standing-overrides.js';
import { webhooks } from './migrations/0008-webhooks.js';
import { consumers } from './migrations/0009-consumers.js';
import { fastLane } from './migrations/0010-fast-lane.js';
import { notifications } from './migrations/0011-notifications.js';
import type { Migration } from './migrations/migration.js';
import type { Store } from './store.js';
import { isSqlite, rawRows, type Sql } from './table.js';

/** Every step of the schema, in order. */
export const MIGRATIONS: readonly Migration[] = [
  sources,
  population,
  historyAndRuns,
  apiKeys,
  pushed,
  schedules,
  standingOverrides,
  webhooks,
  consumers,
  fastLane,
  notifications,
];

/** Numbers rise and may leave gaps: steps that are made side by side get theirs before they meet. */
const KNOWN = MIGRATIONS.at(-1)?.version ?? 0;

/** Where the schema stands. */
export interface SchemaStatus {
  /** Version of the database; 0: empty. */
  version: number;
  /** Version that this package needs. */
  known: number;
  pending: readonly string[];
}

/** Says where the schema stands; writes nothing. */
export async function schemaStatus(store: Store): Promise<SchemaStatus> {
  const version = await store.read(readVersion);
  const pending = MIGRATIONS.filter((step) => step.version > version);
  return { version, known: KNOWN, pending: pending.map((step) => `${step.version} ${step.name}`) };
}

/**
 * Brings the schema to the version of this package. Each step is one transaction, so that a process killed half-way
 * leaves the last whole step; a second process waits for the first.
 *
 * @returns the names of the steps that ran.
 * @throws RC_STORE_NEWER when the database is newer than this package.
 */
export async function migrate(store: Store): Promise<string[]> {
  const ran: string[] = [];
  for (const step of MIGRATIONS) {
    const done = await store.write('sweep', (sql) => runStep(sql, step));
    if (done) ran.push(step.name);
  }
  return ran;
}

/** @throws RC_STORE_NEWER when the database is newer than this package. */
export async function refuseNewer(store: Store): Promise<SchemaStatus> {
  const status = await schemaStatus(store);
  if (status.version > KNOWN) throw storeNewer(status.version, KNOWN);
  return status;
}

async function runStep(sql: Sql, step: Migration): Promise<boolean> {
  if (!isSqlite(sql)) await sql.raw('SELECT pg_advisory_xact_lock(734155)');
  const version = await readVersion(sql);
  if (version > KNOWN) throw storeNewer(version, KNOWN);
  if (version >= step.version) return false;
  if (version === 0) await sql.schema.createTable('schema_version', (t) => void t.integer('version').notNullable());
  await step.up(sql);
  await (version === 0
    ? sql('schema_version').insert({ version: step.version })
    : sql('schema_version').update({ version: step.version }));
  return true;
}

async function readVersion(sql: Sql): Promise<number> {
  const tables = await rawRows<{ name: string }>(
    sql,
    isSqlite(sql)
      ? `SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'`
      : `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ANY (current_schemas(false)) AND table_name = 'schema_version'`,
  );
  if (tables.length === 0) return 0;
  const rows = await rawRows<{ version: number }>(sql, 'SELECT version FROM schema_version');
  return rows[0]?.version ?? 0;
}
