import type { Knex } from 'knex';

/** Whatever runs statements: the store's connection inside `read`, a transaction inside `write`. */
export type Sql = Knex;

/** Type of a column as far as casts need it. */
export type ColumnType = 'text' | 'int';

/** One table: its columns in a fixed order and its key. */
export interface Table<Row extends object> {
  name: string;
  columns: readonly (keyof Row & string)[];
  types: Readonly<Record<keyof Row & string, ColumnType>>;
  key: readonly (keyof Row & string)[];
}

/** Declares a table once; every statement over many rows is built from it. */
export function table<Row extends object>(
  name: string,
  types: Readonly<Record<keyof Row & string, ColumnType>>,
  key: readonly (keyof Row & string)[],
): Table<Row> {
  return { name, columns: Object.keys(types) as (keyof Row & string)[], types, key };
}

/** True on SQLite. */
export function isSqlite(sql: Sql): boolean {
  return (sql.client as { config: { client: unknown } }).config.client !== 'pg';
}

/**
 * A FROM item named `j` that lists the rows of one JSON bind: an array of arrays, cells read by `j.value ->> n`.
 * One bind keeps the text constant whatever the number of rows, so that the statement is parsed once.
 */
export function jsonRows(sql: Sql): string {
  return isSqlite(sql)
    ? 'json_each(?) AS j'
    : '(SELECT ord - 1 AS key, value FROM json_array_elements(?::json) WITH ORDINALITY AS e(value, ord)) AS j';
}

/** Cell `n` of `j`, cast where PostgreSQL needs it. */
export function cell(sql: Sql, n: number, type: ColumnType = 'text'): string {
  const read = `j.value ->> ${n}`;
  return isSqlite(sql) || type === 'text' ? `(${read})` : `(${read})::integer`;
}

const quoted = (name: string): string => `"${name}"`;

/** How many rows one statement carries. */
const ROWS_PER_STATEMENT = 500;

function* slices<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let i = 0; i < rows.length; i += ROWS_PER_STATEMENT) yield rows.slice(i, i + ROWS_PER_STATEMENT);
}

async function runMany<Row extends object>(
  sql: Sql,
  text: string,
  columns: readonly (keyof Row)[],
  rows: readonly Row[],
): Promise<void> {
  for (const slice of slices(rows)) {
    await sql.raw(text, [JSON.stringify(slice.map((row) => columns.map((column) => storable(row[column]))))]);
  }
}

/** PostgreSQL's text cannot hold the character NUL; SQLite's could, and would be another database then. */
function storable(value: unknown): unknown {
  if (typeof value === 'string' && value.includes('\0'))
    throw new Error('A text with a character NUL cannot be stored.');
  return value ?? null;
}

/** Inserts rows, one statement a batch. */
export async function insertRows<Row extends object>(sql: Sql, table: Table<Row>, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  await runMany(sql, insertText(sql, table), table.columns, rows);
}

function insertText<Row extends object>(sql: Sql, table: Table<Row>): string {
  const columns = table.columns.map(quoted).join(', ');
  const cells = table.columns.map((column, n) => cell(sql, n, table.types[column])).join(', ');
  // WHERE true keeps SQLite from reading ON CONFLICT as a join condition.
  return `INSERT INTO ${quoted(table.name)} (${columns}) SELECT ${cells} FROM ${jsonRows(sql)} WHERE true`;
}

/** Inserts rows or, where the key exists, replaces the other columns. */
export async function upsertRows<Row extends object>(
  sql: Sql,
  table: Table<Row>,
  rows: readonly Row[],
  replace?: readonly (keyof Row & string)[],
): Promise<void> {
  if (rows.length === 0) return;
  const replaced = replace ?? table.columns.filter((column) => !table.key.includes(column));
  const sets = replaced.map((column) => `${quoted(column)} = excluded.${quoted(column)}`).join(', ');
  const action = sets === '' ? 'NOTHING' : `UPDATE SET ${sets}`;
  const text = `${insertText(sql, table)} ON CONFLICT (${table.key.map(quoted).join(', ')}) DO ${action}`;
  await runMany(sql, text, table.columns, rows);
}

/** Updates the named columns of rows found by the table's key. */
export async function updateRows<Row extends object>(
  sql: Sql,
  table: Table<Row>,
  columns: readonly (keyof Row & string)[],
  rows: readonly Partial<Row>[],
): Promise<void> {
  if (rows.length === 0) return;
  const all = [...table.key, ...columns];
  const sets = columns.map(
    (column, n) => `${quoted(column)} = ${cell(sql, table.key.length + n, table.types[column])}`,
  );
  const where = table.key.map(
    (column, n) => `${quoted(table.name)}.${quoted(column)} = ${cell(sql, n, table.types[column])}`,
  );
  const text = `UPDATE ${quoted(table.name)} SET ${sets.join(', ')} FROM ${jsonRows(sql)} WHERE ${where.join(' AND ')}`;
  await runMany(sql, text, all, rows as readonly Row[]);
}

/** Deletes rows by key; only of tables that hold working state, never of the population or its history. */
export async function deleteRows<Row extends object>(
  sql: Sql,
  table: Table<Row>,
  rows: readonly Partial<Row>[],
): Promise<void> {
  if (rows.length === 0) return;
  const key = table.key.map(quoted).join(', ');
  const cells = table.key.map((column, n) => cell(sql, n, table.types[column])).join(', ');
  // IN lets the index of the key answer; EXISTS would walk the whole table.
  const text = `DELETE FROM ${quoted(table.name)} WHERE (${key}) IN (SELECT ${cells} FROM ${jsonRows(sql)})`;
  await runMany(sql, text, table.key, rows as readonly Row[]);
}

/**
 * Selects rows whose columns `by` equal one of `keys`, one statement a batch; `scope` binds columns that are the same for all.
 */
export async function selectRows<Row extends object>(
  sql: Sql,
  table: Table<Row>,
  scope: Partial<Row>,
  by: readonly (keyof Row & string)[],
  keys: readonly (readonly (string | number)[])[],
): Promise<Row[]> {
  if (keys.length === 0) return [];
  const scoped = Object.entries(scope) as [keyof Row & string, string | number][];
  const conditions = [
    ...scoped.map(([column]) => `t.${quoted(column)} = ?`),
    ...by.map((column, n) => `t.${quoted(column)} = ${cell(sql, n, table.types[column])}`),
  ];
  const columns = table.columns.map((column) => `t.${quoted(column)}`).join(', ');
  // CROSS JOIN fixes the order on SQLite: the list drives, the index answers.
  const text = isSqlite(sql)
    ? `SELECT ${columns} FROM ${jsonRows(sql)} CROSS JOIN ${quoted(table.name)} AS t WHERE ${conditions.join(' AND ')}`
    : `SELECT ${columns} FROM ${jsonRows(sql)} JOIN ${quoted(table.name)} AS t ON ${conditions.join(' AND ')}`;
  const found: Row[] = [];
  for (const slice of slices(keys)) {
    found.push(...(await rawRows<Row>(sql, text, [JSON.stringify(slice), ...scoped.map(([, value]) => value)])));
  }
  return found;
}

/** Runs a SELECT text and returns its rows on either database. */
export async function rawRows<Row>(sql: Sql, text: string, bindings: readonly unknown[] = []): Promise<Row[]> {
  const answer: unknown = await sql.raw(text, bindings as never);
  return isSqlite(sql) ? (answer as Row[]) : (answer as { rows: Row[] }).rows;
}
