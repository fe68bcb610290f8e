import { insertRows, rawRows, updateRows, upsertRows, type Sql } from '../store/table.js';
import { EVENT, type EventRow } from './tables.js';
import { subjectOf } from './webhook-queue.js';
import {
  WEBHOOK_ATTEMPT,
  WEBHOOK_ENDPOINT,
  WEBHOOK_PENDING,
  type WebhookAttemptRow,
  type WebhookEndpointRow,
} from './webhook-tables.js';

export async function insertEndpoint(sql: Sql, row: WebhookEndpointRow): Promise<void> {
  await insertRows(sql, WEBHOOK_ENDPOINT, [row]);
}

/** What people may change; what senders write stays as it is. */
export async function updateEndpoint(sql: Sql, row: WebhookEndpointRow): Promise<void> {
  await updateRows(sql, WEBHOOK_ENDPOINT, ['url', 'description', 'types'], [row]);
}

/** Endpoints of a tenant in the order of their making, at most `limit` after the id `after`. */
export function selectEndpoints(
  sql: Sql,
  tenantId: string,
  { isAll, after, limit }: { isAll: boolean; after: string; limit: number },
): Promise<WebhookEndpointRow[]> {
  const only = isAll ? '' : " AND status <> 'retired'";
  const text = `SELECT ${WEBHOOK_ENDPOINT.columns.join(', ')} FROM webhook_endpoint
    WHERE tenant_id = ? AND id > ?${only} ORDER BY id LIMIT ?`;
  return rawRows(sql, text, [tenantId, after, limit]);
}

/** Tries of a tenant, the latest first, at most `limit` before the id `before`. */
export async function selectAttempts(
  sql: Sql,
  tenantId: string,
  filters: { webhook: string | null; event: string | null; failed: boolean; before: string | null; limit: number },
): Promise<WebhookAttemptRow[]> {
  const query = sql<WebhookAttemptRow>(WEBHOOK_ATTEMPT.name)
    .where({ tenant_id: tenantId })
    .orderBy('id', 'desc')
    .limit(filters.limit)
    .select<WebhookAttemptRow[]>();
  if (filters.webhook !== null) void query.where('endpoint_id', filters.webhook);
  if (filters.event !== null) void query.where('event_id', filters.event);
  if (filters.failed) void query.where('outcome', 'failed');
  if (filters.before !== null) void query.where('id', '<', filters.before);
  return query;
}

/** An event by its id or its sequence. */
export async function findEvent(sql: Sql, tenantId: string, name: string): Promise<EventRow | null> {
  const isNumber = /^\d{1,9}$/.test(name);
  const text = `SELECT ${EVENT.columns.join(', ')} FROM event WHERE tenant_id = ? AND ${isNumber ? 'sequence' : 'id'} = ?`;
  const [row] = await rawRows<EventRow>(sql, text, [tenantId, isNumber ? Number(name) : name]);
  return row ?? null;
}

/** The sequence of the first event that occurred at `at` or later; null: there is none. */
export async function firstSince(sql: Sql, tenantId: string, at: string): Promise<number | null> {
  const text = 'SELECT min(sequence) AS first FROM event WHERE tenant_id = ? AND occurred_at >= ?';
  const [row] = await rawRows<{ first: number | null }>(sql, text, [tenantId, at]);
  return row?.first ?? null;
}

/** Lets an endpoint look again at what comes after `position`, at once. */
export async function moveBack(sql: Sql, row: WebhookEndpointRow, position: number): Promise<void> {
  await updateRows(sql, WEBHOOK_ENDPOINT, ['position', 'resting_until'], [{ ...row, position, resting_until: null }]);
}

/** Makes one event due for each of these endpoints, at once. */
export async function sendAgain(
  sql: Sql,
  endpoints: readonly WebhookEndpointRow[],
  event: EventRow,
  at: string,
): Promise<void> {
  const rows = endpoints.map((endpoint) => ({
    tenant_id: endpoint.tenant_id,
    endpoint_id: endpoint.id,
    sequence: event.sequence,
    subject: subjectOf(event),
    attempts: 0,
    failing_since: null,
    next_at: at,
  }));
  await upsertRows(sql, WEBHOOK_PENDING, rows, ['next_at']);
  await updateRows(
    sql,
    WEBHOOK_ENDPOINT,
    ['resting_until'],
    endpoints.map((endpoint) => ({ ...endpoint, resting_until: null })),
  );
}
