import type { Store } from '#core/store/store.js';
import { rawRows, type Sql } from '#core/store/table.js';

/** Rows written since the log was emptied, by `table operation`. */
export type RowCounts = Record<string, number>;

const OPERATIONS = ['INSERT', 'UPDATE', 'DELETE'] as const;

/** Triggers on every table that log each row written into a table of their own: counted by the database, not by us. */
export async function installRowLog(store: Store): Promise<void> {
  await store.write('sweep', async (sql) => {
    const names = await tableNames(sql, store.client);
    await sql.raw('CREATE TABLE row_log (written text NOT NULL)');
    if (store.client === 'pg')
      await sql.raw(
        `CREATE FUNCTION log_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO row_log VALUES (TG_TABLE_NAME || ' ' || TG_OP); RETURN NULL; END $$`,
      );
    for (const name of names) for (const operation of OPERATIONS) await sql.raw(trigger(store.client, name, operation));
  });
}

function trigger(client: Store['client'], name: string, operation: string): string {
  const head = `CREATE TRIGGER "log_${name}_${operation}" AFTER ${operation} ON "${name}" FOR EACH ROW`;
  return client === 'pg'
    ? `${head} EXECUTE FUNCTION log_row()`
    : `${head} BEGIN INSERT INTO row_log VALUES ('${name} ${operation}'); END`;
}

async function tableNames(sql: Sql, client: Store['client']): Promise<string[]> {
  const rows = await rawRows<{ name: string }>(
    sql,
    client === 'pg'
      ? 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ANY (current_schemas(false)) ORDER BY 1'
      : `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1`,
  );
  return rows.map((row) => row.name);
}

/** Reads the log and empties it. */
export async function takeRowLog(store: Store): Promise<RowCounts> {
  const rows = await store.read((sql) =>
    rawRows<{ written: string; n: number | string }>(
      sql,
      'SELECT written, count(*) AS n FROM row_log GROUP BY written ORDER BY written',
    ),
  );
  await store.write('sweep', (sql) => sql('row_log').delete());
  return Object.fromEntries(rows.map((row) => [row.written, Number(row.n)]));
}
