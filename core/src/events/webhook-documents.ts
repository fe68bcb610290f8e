import { shownInstant } from '../model/instants.js';
import { rawRows, selectRows, type Sql } from '../store/table.js';
import {
  WEBHOOK_SECRET,
  type DisabledReason,
  type WebhookAttemptRow,
  type WebhookEndpointRow,
  type WebhookSecretRow,
  type WebhookStatus,
} from './webhook-tables.js';

/** An endpoint as it is listed; its secrets themselves are shown once, when they are made. */
export interface WebhookDocument {
  id: string;
  tenant: string;
  url: string;
  description: string;
  /** The form of the bodies: `rollcall`, or another that the host brings. */
  format: string;
  /** Types of events, or patterns such as `user.*`; null: all. */
  types: string[] | null;
  status: WebhookStatus;
  /** `reason`: `person`, `gone` (it answered 410), `failing` (one event could not be delivered for days). */
  disabled: { at: string; by: string | null; reason: DisabledReason } | null;
  createdAt: string;
  createdBy: string;
  /** The newest first; two while a rotation overlaps. */
  secrets: { version: number; createdAt: string; expiresAt: string | null }[];
  delivery: {
    /** All events up to this sequence were looked at. */
    position: number;
    /** How many events of the tenant came after it. */
    behind: number;
    /** Events that failed and are tried again. */
    failing: number;
    /** Events that wait behind one that failed, or are about to be sent again. */
    waiting: number;
    failingSince: string | null;
    /** Nothing is sent before: the endpoint was away or asked to be left alone. */
    restingUntil: string | null;
  };
}

/** A try to deliver one event to one endpoint. */
export interface DeliveryDocument {
  id: string;
  endpoint: string;
  event: { id: string; sequence: number; type: string };
  /** Counts from 1; from 1 again when it is sent again. */
  attempt: number;
  at: string;
  outcome: 'delivered' | 'failed';
  /** HTTP status; null where no answer came. */
  status: number | null;
  /** Why no answer came: `forbiddenUrl forbiddenAddress unresolvable unreachable tls timeout protocol`. */
  failure: string | null;
  milliseconds: number;
  /** The first KiB of what a failed try was answered, with values and addresses masked. */
  answer: string | null;
}

interface Counts {
  endpoint_id: string;
  failing: number | string;
  waiting: number | string;
  since: string | null;
}

/** Endpoints of one tenant in the shape of their list; `head` is the sequence of its last event. */
export async function webhookDocuments(
  sql: Sql,
  tenantId: string,
  rows: readonly WebhookEndpointRow[],
  head: number,
): Promise<WebhookDocument[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => [id]);
  const secrets = await selectRows(sql, WEBHOOK_SECRET, { tenant_id: tenantId }, ['endpoint_id'], ids);
  const counts = await rawRows<Counts>(
    sql,
    `SELECT endpoint_id, sum(CASE WHEN attempts > 0 THEN 1 ELSE 0 END) AS failing,
       sum(CASE WHEN attempts = 0 THEN 1 ELSE 0 END) AS waiting, min(failing_since) AS since
     FROM webhook_pending WHERE tenant_id = ? GROUP BY endpoint_id`,
    [tenantId],
  );
  return rows.map((row) =>
    documentOf(row, {
      secrets: secrets.filter((secret) => secret.endpoint_id === row.id),
      counts: counts.find((entry) => entry.endpoint_id === row.id),
      head,
    }),
  );
}

function documentOf(
  row: WebhookEndpointRow,
  { secrets, counts, head }: { secrets: readonly WebhookSecretRow[]; counts: Counts | undefined; head: number },
): WebhookDocument {
  return {
    id: row.id,
    tenant: row.tenant_id,
    url: row.url,
    description: row.description,
    format: row.format,
    types: typesOf(row),
    status: row.status as WebhookStatus,
    disabled: disabledOf(row),
    createdAt: shownInstant(row.created_at),
    createdBy: row.created_by,
    secrets: [...secrets]
      .sort((a, b) => b.version - a.version)
      .map(({ version, created_at, expires_at }) => ({
        version,
        createdAt: shownInstant(created_at),
        expiresAt: shownOrNull(expires_at),
      })),
    delivery: deliveryOf(row, counts, head),
  };
}

function deliveryOf(row: WebhookEndpointRow, counts: Counts | undefined, head: number): WebhookDocument['delivery'] {
  return {
    position: row.position,
    behind: row.status === 'retired' ? 0 : Math.max(head - row.position, 0),
    failing: Number(counts?.failing ?? 0),
    waiting: Number(counts?.waiting ?? 0),
    failingSince: shownOrNull(counts?.since ?? null),
    restingUntil: shownOrNull(row.resting_until),
  };
}

function disabledOf(row: WebhookEndpointRow): WebhookDocument['disabled'] {
  if (row.disabled_at === null) return null;
  return {
    at: shownInstant(row.disabled_at),
    by: row.disabled_by,
    reason: row.disabled_reason as DisabledReason,
  };
}

/** Null: all types. */
export function typesOf(row: Pick<WebhookEndpointRow, 'types'>): string[] | null {
  return row.types === null ? null : (JSON.parse(row.types) as string[]);
}

/** A try as it is listed. */
export function deliveryDocument(row: WebhookAttemptRow): DeliveryDocument {
  return {
    id: row.id,
    endpoint: row.endpoint_id,
    event: { id: row.event_id, sequence: row.sequence, type: row.type },
    attempt: row.attempt,
    at: shownInstant(row.at),
    outcome: row.outcome as DeliveryDocument['outcome'],
    status: row.status,
    failure: row.failure,
    milliseconds: row.milliseconds,
    answer: row.answer,
  };
}

const shownOrNull = (stored: string | null): string | null => (stored === null ? null : shownInstant(stored));
