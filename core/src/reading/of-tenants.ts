import { cell, jsonRows, rawRows, type Sql } from '../store/table.js';

/** The part of a statement that binds it to some tenants. */
export interface Condition {
  text: string;
  bindings: readonly unknown[];
}

/** `column` is one of these tenants. */
export function ofTenants(sql: Sql, column: string, tenants: readonly string[]): Condition {
  const [only, ...others] = tenants;
  if (only !== undefined && others.length === 0) return { text: `${column} = ?`, bindings: [only] };
  return {
    text: `${column} IN (SELECT ${cell(sql, 0)} FROM ${jsonRows(sql)})`,
    bindings: [JSON.stringify(tenants.map((tenant) => [tenant]))],
  };
}

/** A row that belongs to a tenant. */
export interface Owned {
  tenant_id: string;
  id: string;
}

/**
 * Selects for many objects of several tenants in one statement: `FROM` begins with the list, `tenant` and `id` stand for
 * the two parts of each of its items, `extra` for what else was given with them.
 */
export function selectForOwned<Row>(
  sql: Sql,
  owned: readonly (Owned & { extra?: string | number })[],
  text: (parts: { list: string; tenant: string; id: string; extra: string }) => string,
): Promise<Row[]> {
  if (owned.length === 0) return Promise.resolve([]);
  const isNumber = typeof owned[0]?.extra === 'number';
  const statement = text({
    list: jsonRows(sql),
    tenant: cell(sql, 0),
    id: cell(sql, 1),
    extra: cell(sql, 2, isNumber ? 'int' : 'text'),
  });
  const list = owned.map(({ tenant_id, id, extra }) => [tenant_id, id, extra ?? null]);
  return rawRows<Row>(sql, statement, [JSON.stringify(list)]);
}
