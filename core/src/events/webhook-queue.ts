import { storedInstant } from '../model/instants.js';
import { deleteRows, insertRows, isSqlite, rawRows, selectRows, upsertRows, type Sql } from '../store/table.js';
import { EVENT, type EventRow } from './tables.js';
import { typesOf } from './webhook-documents.js';
import { MOST_FAILING } from './webhook-retries.js';
import {
  WEBHOOK_ATTEMPT,
  WEBHOOK_ENDPOINT,
  WEBHOOK_PENDING,
  type WebhookAttemptRow,
  type WebhookEndpointRow,
  type WebhookPendingRow,
} from './webhook-tables.js';

/** How long a sender that gives no sign of life is waited for. */
export const LEASE_MS = 60_000;
const MOMENT_MS = 1_000;
const ENDPOINT_COLUMNS = WEBHOOK_ENDPOINT.columns.join(', ');

/** Pending and due, and nothing earlier of the same subject that is not due: binds the instant twice. */
const DUE = `p.next_at <= ? AND NOT EXISTS (
  SELECT 1 FROM webhook_pending AS b WHERE b.tenant_id = p.tenant_id AND b.endpoint_id = p.endpoint_id
    AND b.subject = p.subject AND b.sequence < p.sequence AND b.next_at > ?)`;

/** What is to be sent to one endpoint next. */
export interface Batch {
  /** In the order in which they are sent. */
  items: readonly BatchItem[];
  /** Subjects of which something pending is not among the items: nothing later of them may be sent. */
  blocked: ReadonlySet<string>;
  /** Up to where the endpoint has looked when all items are done. */
  position: number;
}

/** An event to send; `pending` null: it was never tried. */
export interface BatchItem {
  event: EventRow;
  pending: WebhookPendingRow | null;
}

/** What became of a batch. */
export interface Settlement {
  /** Where the sender began; a place that somebody else chose meanwhile stands. */
  from: number;
  position: number;
  done: readonly WebhookPendingRow[];
  pending: readonly WebhookPendingRow[];
  attempts: readonly WebhookAttemptRow[];
  faults: number;
  restingUntil: string | null;
  /** The endpoint was away and is back. */
  isBack: boolean;
  /** False: the lease is given back. */
  goesOn: boolean;
}

/** What must stay in order. */
export function subjectOf(event: Pick<EventRow, 'subject_kind' | 'subject_id'>): string {
  return `${event.subject_kind}:${event.subject_id}`;
}

/** Endpoints that something is due for and nobody sends to, of all tenants. */
export function dueEndpoints(
  sql: Sql,
  now: Date,
  formats: readonly string[],
): Promise<{ tenant_id: string; id: string }[]> {
  const at = storedInstant(now);
  const marks = formats.map(() => '?').join(', ');
  return rawRows(
    sql,
    `SELECT e.tenant_id, e.id FROM webhook_endpoint AS e JOIN tenant AS t ON t.id = e.tenant_id
     WHERE e.status = 'enabled' AND e.format IN (${marks}) AND (e.leased_until IS NULL OR e.leased_until <= ?)
       AND (e.resting_until IS NULL OR e.resting_until <= ?)
       AND (e.position < t.event_sequence OR EXISTS (
         SELECT 1 FROM webhook_pending AS p WHERE p.tenant_id = e.tenant_id AND p.endpoint_id = e.id AND ${DUE}))
     ORDER BY e.tenant_id, e.id`,
    [...formats, at, at, at, at],
  );
}

/** Takes an endpoint for one sender. Null: another one was faster, or it is disabled by now. */
export async function takeEndpoint(
  sql: Sql,
  { tenant_id, id }: Pick<WebhookEndpointRow, 'tenant_id' | 'id'>,
  now: Date,
): Promise<WebhookEndpointRow | null> {
  const rows = await rawRows<WebhookEndpointRow>(
    sql,
    `UPDATE webhook_endpoint SET lease_token = lease_token + 1, leased_until = ?
     WHERE tenant_id = ? AND id = ? AND status = 'enabled' AND (leased_until IS NULL OR leased_until <= ?)
     RETURNING ${ENDPOINT_COLUMNS}`,
    [storedInstant(new Date(now.getTime() + LEASE_MS)), tenant_id, id, storedInstant(now)],
  );
  return rows[0] ?? null;
}

/** What is to be sent next, at most `limit` events: what is due again first, then what is new, each in order. */
export async function loadBatch(sql: Sql, endpoint: WebhookEndpointRow, now: Date, limit: number): Promise<Batch> {
  const place = [endpoint.tenant_id, endpoint.id];
  // Before the events: what comes after this number is not looked at, even where types are left out.
  const head = await headOf(sql, endpoint.tenant_id);
  const due = await dueRows(sql, endpoint, now, limit);
  const [failing] = await rawRows<{ count: number | string }>(
    sql,
    'SELECT count(*) AS count FROM webhook_pending WHERE tenant_id = ? AND endpoint_id = ? AND attempts > 0',
    place,
  );
  const room = Number(failing?.count ?? 0) >= MOST_FAILING ? 0 : limit - due.length;
  const found = room === 0 ? [] : await freshEvents(sql, endpoint, head, room);
  // After a recovery an event may be pending and new.
  const coming = new Set(due.map(({ sequence }) => sequence));
  const fresh = found.filter(({ sequence }) => !coming.has(sequence));
  const again = await eventsOf(sql, endpoint.tenant_id, due);
  const position = room > 0 && found.length < room ? head : (found.at(-1)?.sequence ?? endpoint.position);
  return {
    items: [
      ...due.flatMap((pending) => {
        const event = again.get(pending.sequence);
        return event === undefined ? [] : [{ event, pending }];
      }),
      ...fresh.map((event) => ({ event, pending: null })),
    ],
    blocked: await blockedSubjects(sql, endpoint, fresh, coming),
    position: Math.max(position, endpoint.position),
  };
}

async function headOf(sql: Sql, tenantId: string): Promise<number> {
  const text = 'SELECT event_sequence AS head FROM tenant WHERE id = ?';
  const [row] = await rawRows<{ head: number }>(sql, text, [tenantId]);
  return row?.head ?? 0;
}

function dueRows(
  sql: Sql,
  { tenant_id, id }: WebhookEndpointRow,
  now: Date,
  limit: number,
): Promise<WebhookPendingRow[]> {
  const at = storedInstant(now);
  const columns = WEBHOOK_PENDING.columns.map((column) => `p.${column}`).join(', ');
  return rawRows(
    sql,
    `SELECT ${columns} FROM webhook_pending AS p WHERE p.tenant_id = ? AND p.endpoint_id = ? AND ${DUE}
     ORDER BY p.sequence LIMIT ?`,
    [tenant_id, id, at, at, limit],
  );
}

/** Patterns end with a star that stands for all verbs of a kind. */
function freshEvents(sql: Sql, endpoint: WebhookEndpointRow, head: number, limit: number): Promise<EventRow[]> {
  const types = typesOf(endpoint);
  const conditions = (types ?? []).map((type) => (type.endsWith('.*') ? 'substr(type, 1, ?) = ?' : 'type = ?'));
  const values = (types ?? []).flatMap((type) => (type.endsWith('.*') ? [type.length - 1, type.slice(0, -1)] : [type]));
  const only = types === null ? '' : ` AND (${conditions.join(' OR ')})`;
  return rawRows(
    sql,
    `SELECT ${EVENT.columns.join(', ')} FROM event WHERE tenant_id = ? AND sequence > ? AND sequence <= ?${only}
     ORDER BY sequence LIMIT ?`,
    [endpoint.tenant_id, endpoint.position, head, ...values, limit],
  );
}

async function eventsOf(
  sql: Sql,
  tenantId: string,
  pending: readonly WebhookPendingRow[],
): Promise<ReadonlyMap<number, EventRow>> {
  const keys = pending.map(({ sequence }) => [sequence]);
  const rows = await selectRows(sql, EVENT, { tenant_id: tenantId }, ['sequence'], keys);
  return new Map(rows.map((row) => [row.sequence, row]));
}

async function blockedSubjects(
  sql: Sql,
  { tenant_id, id }: WebhookEndpointRow,
  fresh: readonly EventRow[],
  coming: ReadonlySet<number>,
): Promise<ReadonlySet<string>> {
  const subjects = [...new Set(fresh.map(subjectOf))].map((subject) => [subject]);
  const scope = { tenant_id, endpoint_id: id };
  const rows = await selectRows(sql, WEBHOOK_PENDING, scope, ['subject'], subjects);
  return new Set(rows.filter(({ sequence }) => !coming.has(sequence)).map(({ subject }) => subject));
}

/** When the first of what failed is due again, a moment from now at the earliest. */
export async function nextDue(sql: Sql, { tenant_id, id }: WebhookEndpointRow, now: Date): Promise<string> {
  const text =
    'SELECT min(next_at) AS at FROM webhook_pending WHERE tenant_id = ? AND endpoint_id = ? AND attempts > 0';
  const [row] = await rawRows<{ at: string | null }>(sql, text, [tenant_id, id]);
  const soon = storedInstant(new Date(now.getTime() + MOMENT_MS));
  return row?.at != null && row.at > soon ? row.at : soon;
}

/**
 * Stores what became of a batch and gives a sign of life, or gives the lease back. The first statement is the fence.
 *
 * @returns the endpoint as it is then; null: another sender has taken it, and nothing was stored.
 */
export async function settleBatch(
  sql: Sql,
  endpoint: WebhookEndpointRow,
  settlement: Settlement,
  now: Date,
): Promise<WebhookEndpointRow | null> {
  const until = settlement.goesOn ? storedInstant(new Date(now.getTime() + LEASE_MS)) : null;
  const [row] = await rawRows<WebhookEndpointRow>(
    sql,
    `UPDATE webhook_endpoint SET position = CASE WHEN position = ${whole(sql)} THEN ${whole(sql)} ELSE position END,
       faults = ?, resting_until = ?, leased_until = CASE WHEN status = 'enabled' THEN ${instant(sql)} END
     WHERE tenant_id = ? AND id = ? AND lease_token = ? RETURNING ${ENDPOINT_COLUMNS}`,
    [
      settlement.from,
      settlement.position,
      settlement.faults,
      settlement.restingUntil,
      until,
      endpoint.tenant_id,
      endpoint.id,
      endpoint.lease_token,
    ],
  );
  if (row === undefined) return null;
  await insertRows(sql, WEBHOOK_ATTEMPT, settlement.attempts);
  // Of an endpoint that was retired meanwhile nothing is pending any more.
  if (row.status === 'retired') return row;
  await deleteRows(sql, WEBHOOK_PENDING, settlement.done);
  const isTried = (pending: WebhookPendingRow): boolean => pending.attempts > 0;
  await upsertRows(sql, WEBHOOK_PENDING, settlement.pending.filter(isTried));
  await upsertRows(
    sql,
    WEBHOOK_PENDING,
    settlement.pending.filter((pending) => !isTried(pending)),
    [],
  );
  if (settlement.isBack) await wakePending(sql, endpoint, storedInstant(now));
  return row;
}

/** Binds whose type PostgreSQL cannot guess. */
const whole = (sql: Sql): string => (isSqlite(sql) ? '?' : '?::integer');
const instant = (sql: Sql): string => (isSqlite(sql) ? '?' : '?::text');

async function wakePending(sql: Sql, { tenant_id, id }: WebhookEndpointRow, at: string): Promise<void> {
  const text = `UPDATE webhook_pending SET next_at = ? WHERE tenant_id = ? AND endpoint_id = ? AND next_at > ? RETURNING sequence`;
  await rawRows(sql, text, [at, tenant_id, id, at]);
}

/** Lets tries go that are older than they are kept. */
export async function dropAttempts(sql: Sql, tenantId: string, before: string): Promise<void> {
  await rawRows(sql, 'DELETE FROM webhook_attempt WHERE tenant_id = ? AND at < ? RETURNING id', [tenantId, before]);
}
