import {
  deliveryDocument,
  webhookDocuments,
  type DeliveryDocument,
  type WebhookDocument,
} from '../events/webhook-documents.js';
import { selectAttempts, selectEndpoints } from '../events/webhook-orders.js';
import type { Listing } from '../model/documents.js';
import type { Sql } from '../store/table.js';
import { limitOf, pageOf, readCursor, type PageRequest } from './page.js';

/** Endpoints of a tenant in the order of their making; `head` is the sequence of its last event. */
export async function listWebhooks(
  sql: Sql,
  tenantId: string,
  head: number,
  request: PageRequest & { all?: boolean } = {},
): Promise<Listing<WebhookDocument>> {
  const isAll = request.all ?? false;
  const scope = { tenantId, list: 'webhooks', filters: isAll };
  const [after = ''] = readCursor(scope, request.after) ?? [];
  const limit = limitOf(request.limit);
  const found = await selectEndpoints(sql, tenantId, { isAll, after: String(after), limit: limit + 1 });
  const { rows, next } = pageOf(scope, found, limit, (row) => [row.id]);
  return { items: await webhookDocuments(sql, tenantId, rows, head), next };
}

/** Tries to deliver, the latest first. */
export async function listDeliveries(
  sql: Sql,
  tenantId: string,
  request: PageRequest & { webhook?: string; event?: string; failed?: boolean } = {},
): Promise<Listing<DeliveryDocument>> {
  const { webhook = null, event = null, failed = false } = request;
  const scope = { tenantId, list: 'deliveries', filters: [webhook, event, failed] };
  const [before] = readCursor(scope, request.after) ?? [];
  const limit = limitOf(request.limit);
  const found = await selectAttempts(sql, tenantId, {
    ...{ webhook, event, failed },
    before: before === undefined ? null : String(before),
    limit: limit + 1,
  });
  const { rows, next } = pageOf(scope, found, limit, (row) => [row.id]);
  return { items: rows.map(deliveryDocument), next };
}
