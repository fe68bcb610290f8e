import { settleFindings } from '../history/findings.js';
import type { Json } from '../model/json.js';
import { isSqlite, rawRows, updateRows, type Sql } from '../store/table.js';
import { appendEvents, takeSequences } from './append-events.js';
import type { EndpointPlace } from './webhook-secrets.js';
import { WEBHOOK_ENDPOINT, WEBHOOK_PENDING, type DisabledReason, type WebhookEndpointRow } from './webhook-tables.js';

const COLUMNS = WEBHOOK_ENDPOINT.columns.join(', ');

/** One endpoint of a tenant, retired ones too. */
export async function findEndpoint(
  sql: Sql,
  { tenantId, endpointId }: EndpointPlace,
): Promise<WebhookEndpointRow | null> {
  const text = `SELECT ${COLUMNS} FROM webhook_endpoint WHERE tenant_id = ? AND id = ?`;
  const [row] = await rawRows<WebhookEndpointRow>(sql, text, [tenantId, endpointId]);
  return row ?? null;
}

/**
 * The same, held until the end of the transaction. Taken before the tenant, as by those who send: two who take both in
 * another order would wait for each other.
 */
export async function lockEndpoint(
  sql: Sql,
  { tenantId, endpointId }: EndpointPlace,
): Promise<WebhookEndpointRow | null> {
  const lock = isSqlite(sql) ? '' : ' FOR UPDATE';
  const text = `SELECT ${COLUMNS} FROM webhook_endpoint WHERE tenant_id = ? AND id = ?${lock}`;
  const [row] = await rawRows<WebhookEndpointRow>(sql, text, [tenantId, endpointId]);
  return row ?? null;
}

/** The endpoints of a tenant that are told of events, held likewise. */
export function lockEnabled(sql: Sql, tenantId: string): Promise<WebhookEndpointRow[]> {
  const lock = isSqlite(sql) ? '' : ' FOR UPDATE';
  const text = `SELECT ${COLUMNS} FROM webhook_endpoint WHERE tenant_id = ? AND status = 'enabled' ORDER BY id${lock}`;
  return rawRows(sql, text, [tenantId]);
}

/** True where another endpoint of the tenant gets the same form at the same address. */
export async function isTaken(
  sql: Sql,
  tenantId: string,
  { id, url, format }: Pick<WebhookEndpointRow, 'id' | 'url' | 'format'>,
): Promise<boolean> {
  const text = `SELECT id FROM webhook_endpoint
    WHERE tenant_id = ? AND url = ? AND format = ? AND status <> 'retired' AND id <> ?`;
  return (await rawRows(sql, text, [tenantId, url, format, id])).length > 0;
}

/** Who turns an endpoint off or on, and with what ids. */
export interface Turn {
  now: string;
  /** Null: nobody, it came so. */
  by: string | null;
  newId: (prefix: string) => string;
}

/**
 * Turns an endpoint off where it is on: a finding and an event, in the caller's transaction, which holds the tenant.
 * What is pending stays, and so does the place in the sequence.
 */
export async function disableEndpoint(
  sql: Sql,
  row: WebhookEndpointRow,
  reason: DisabledReason,
  turn: Turn,
): Promise<WebhookEndpointRow> {
  const disabled: WebhookEndpointRow = {
    ...row,
    status: 'disabled',
    disabled_at: turn.now,
    disabled_by: turn.by,
    disabled_reason: reason,
  };
  await updateRows(sql, WEBHOOK_ENDPOINT, ['status', 'disabled_at', 'disabled_by', 'disabled_reason'], [disabled]);
  const detail = { endpoint: row.id, reason, position: row.position };
  await settleDisabled(sql, row, detail, turn);
  await appendTurn(sql, row, { type: 'webhook.disabled', data: { ...detail, description: row.description } }, turn);
  return disabled;
}

/** Turns an endpoint on where it is off: it goes on where it stopped, with all patience again. */
export async function enableEndpoint(sql: Sql, row: WebhookEndpointRow, turn: Turn): Promise<void> {
  const enabled: WebhookEndpointRow = {
    ...row,
    status: 'enabled',
    disabled_at: null,
    disabled_by: null,
    disabled_reason: null,
    faults: 0,
    resting_until: null,
  };
  const columns = ['status', 'disabled_at', 'disabled_by', 'disabled_reason', 'faults', 'resting_until'] as const;
  await updateRows(sql, WEBHOOK_ENDPOINT, columns, [enabled]);
  await rawRows(
    sql,
    `UPDATE webhook_pending SET attempts = 0, failing_since = NULL, next_at = ?
     WHERE tenant_id = ? AND endpoint_id = ? RETURNING sequence`,
    [turn.now, row.tenant_id, row.id],
  );
  await settleDisabled(sql, row, null, turn);
  const data = { endpoint: row.id, position: row.position, description: row.description };
  await appendTurn(sql, row, { type: 'webhook.enabled', data }, turn);
}

/** An endpoint that is told of nothing any more leaves nothing pending and nothing for anybody to see to. */
export async function retireEndpoint(sql: Sql, row: WebhookEndpointRow, turn: Turn): Promise<void> {
  await updateRows(
    sql,
    WEBHOOK_ENDPOINT,
    ['status', 'retired_at'],
    [{ ...row, status: 'retired', retired_at: turn.now }],
  );
  await dropPending(sql, { tenantId: row.tenant_id, endpointId: row.id });
  await settleDisabled(sql, row, null, turn);
}

async function settleDisabled(
  sql: Sql,
  row: WebhookEndpointRow,
  detail: Readonly<Record<string, Json>> | null,
  { now, newId }: Turn,
): Promise<void> {
  await settleFindings(sql, {
    tenantId: row.tenant_id,
    name: 'webhookDisabled',
    subjects: [row.id],
    judge: () => detail,
    now,
    newId: () => newId('fnd'),
  });
}

async function appendTurn(
  sql: Sql,
  row: WebhookEndpointRow,
  { type, data }: { type: string; data: Json },
  { now, newId }: Turn,
): Promise<void> {
  await appendEvents(sql, [
    {
      tenant_id: row.tenant_id,
      sequence: await takeSequences(sql, row.tenant_id, 1),
      id: newId('evt'),
      type,
      occurred_at: now,
      subject_kind: 'webhook',
      subject_id: row.id,
      change_id: null,
      changed: JSON.stringify(['status']),
      data: JSON.stringify(data),
    },
  ]);
}

/** Lets pending events go: those after `after`, those that failed, or all. */
export async function dropPending(
  sql: Sql,
  { tenantId, endpointId }: EndpointPlace,
  which: { after?: number; failed?: boolean } = {},
): Promise<number> {
  const failed = which.failed === true ? ' AND attempts > 0' : '';
  const dropped = await rawRows(
    sql,
    `DELETE FROM ${WEBHOOK_PENDING.name} WHERE tenant_id = ? AND endpoint_id = ? AND sequence > ?${failed} RETURNING sequence`,
    [tenantId, endpointId, which.after ?? 0],
  );
  return dropped.length;
}
