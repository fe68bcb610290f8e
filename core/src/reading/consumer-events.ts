import { eventDocument } from '../events/event-document.js';
import { firstIdOf } from '../ids.js';
import type { EventRow } from '../events/tables.js';
import type { EventDocument } from '../model/documents.js';
import { isSqlite, rawRows, type Sql } from '../store/table.js';
import { noSuchCursor } from './objects.js';
import { ofTenants, type Condition } from './of-tenants.js';
import { pageByObject, type ObjectKey, type ObjectListing, type ObjectPage } from './page-by-object.js';

/** Which events. */
export interface ConsumerEventsRequest extends ObjectPage {
  /** Types of Rollcall; all when left out. */
  types?: readonly string[];
  /** Those that happened at this instant or later; in the form of the store. */
  from?: string;
  /** Those that happened before this instant. */
  until?: string;
}

/** Clocks of machines that write to one database differ by less. */
const CLOCK_SKEW_MS = 2_000;

/**
 * Events of these tenants. Of one tenant in the order of their sequence; of several in the order of their ids, which are
 * the times of their making, and only as far as no transaction that is still running can put one before them.
 *
 * @param skewMs - by which clocks of machines that write may differ.
 * @throws RC_CURSOR_INVALID
 */
export async function listConsumerEvents(
  sql: Sql,
  tenants: readonly string[],
  request: ConsumerEventsRequest,
  { skewMs = CLOCK_SKEW_MS } = {},
): Promise<ObjectListing<EventDocument>> {
  const isOne = tenants.length === 1;
  const conditions = [ofTenants(sql, 'e.tenant_id', tenants), ...chosen(sql, request)];
  if (!isOne) conditions.push(...(await settled(sql, skewMs)));
  const key = await keyOfEvent(sql, tenants, request, isOne);
  const where = conditions.map(({ text }) => text).join(' AND ');
  const bindings = conditions.flatMap((condition) => condition.bindings);
  const { rows, ...place } = await pageByObject(request, [isOne ? 'e.sequence' : 'e.id'], key, (range) =>
    rawRows<EventRow>(sql, `SELECT e.* FROM event AS e WHERE ${where}${range.text} ${range.order}`, [
      ...bindings,
      ...range.bindings,
      range.limit,
    ]),
  );
  return { items: rows.map(eventDocument), ...place };
}

function chosen(sql: Sql, { types, from, until }: ConsumerEventsRequest): Condition[] {
  return [
    ...(types === undefined ? [] : [ofTenants(sql, 'e.type', types)]),
    ...(from === undefined ? [] : [{ text: 'e.occurred_at >= ?', bindings: [from] }]),
    ...(until === undefined ? [] : [{ text: 'e.occurred_at < ?', bindings: [until] }]),
  ];
}

async function keyOfEvent(
  sql: Sql,
  tenants: readonly string[],
  { after, before }: ObjectPage,
  isOne: boolean,
): Promise<ObjectKey | null> {
  const cursor = after ?? before;
  if (cursor === undefined) return null;
  const own = ofTenants(sql, 'e.tenant_id', tenants);
  const text = `SELECT e.sequence FROM event AS e WHERE e.id = ? AND ${own.text}`;
  const [row] = await rawRows<{ sequence: number }>(sql, text, [cursor, ...own.bindings]);
  if (row === undefined) throw noSuchCursor();
  return [isOne ? row.sequence : cursor];
}

/**
 * Transactions of several tenants end in another order than their events got their ids: whoever went on after the latest
 * id would miss those of a transaction that ends later. An id is made within its transaction, so none is older than the
 * beginning of the oldest one that writes. On SQLite one transaction writes at a time, and ids stand in their order.
 */
async function settled(sql: Sql, skewMs: number): Promise<Condition[]> {
  if (isSqlite(sql)) return [];
  const [row] = await rawRows<{ ms: string }>(
    sql,
    `SELECT floor(extract(epoch FROM COALESCE(MIN(a.xact_start), clock_timestamp())) * 1000)::bigint AS ms
      FROM pg_stat_activity AS a
      WHERE a.datname = current_database() AND a.backend_xid IS NOT NULL AND a.pid <> pg_backend_pid()`,
  );
  const before = new Date(Number(row?.ms ?? 0) - skewMs);
  return [{ text: 'e.id < ?', bindings: [firstIdOf('evt', before)] }];
}
