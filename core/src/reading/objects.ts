import { RollcallError } from '@rollcall/connector-kit';
import { rawRows, type Sql } from '../store/table.js';
import { ofTenants, type Owned } from './of-tenants.js';
import type { ObjectKey, ObjectPage } from './page-by-object.js';

/** Tables whose objects consumers know by id alone. */
export type ObjectTable = 'user' | 'group' | 'event';

/** Whose object that is; null for one that is not there or belongs to another tenant than these. */
export async function ownerOf(
  sql: Sql,
  table: ObjectTable,
  tenants: readonly string[],
  id: string,
): Promise<string | null> {
  const [row] = await objectRows(sql, table, tenants, id, 'tenant_id');
  return row?.tenant_id ?? null;
}

function objectRows<Column extends string>(
  sql: Sql,
  table: ObjectTable,
  tenants: readonly string[],
  id: string,
  column: Column,
): Promise<(Owned & Record<Column, string>)[]> {
  const own = ofTenants(sql, 'o.tenant_id', tenants);
  return rawRows(sql, `SELECT o.${column} FROM "${table}" AS o WHERE o.id = ? AND ${own.text}`, [id, ...own.bindings]);
}

/**
 * The key of the object at which a page begins or ends: its id. Merged, inactive and removed objects count: nothing is
 * ever deleted, so a cursor stays good.
 *
 * @throws RC_CURSOR_INVALID (64) for an object that these tenants do not have.
 */
export async function keyOfCursor(
  sql: Sql,
  table: 'user' | 'group',
  tenants: readonly string[],
  { after, before }: ObjectPage,
): Promise<ObjectKey | null> {
  const cursor = after ?? before;
  if (cursor === undefined) return null;
  if ((await ownerOf(sql, table, tenants, cursor)) === null) throw noSuchCursor();
  return [cursor];
}

/** One answer for an object that is not there and for one of another tenant. */
export function noSuchCursor(): RollcallError {
  return new RollcallError('RC_CURSOR_INVALID', 64, 'stop', {
    what: 'The cursor names no object of this list.',
    mend: 'Give the id of an object that a page before has shown, or leave it out to begin anew.',
  });
}
