import { RollcallError, type Clock, type Logger } from '@rollcall/connector-kit';
import { webhookDocuments, type WebhookDocument } from './events/webhook-documents.js';
import {
  disableEndpoint,
  dropPending,
  enableEndpoint,
  findEndpoint,
  isTaken,
  lockEnabled,
  lockEndpoint,
  retireEndpoint,
  type Turn,
} from './events/webhook-endpoints.js';
import { findEvent, firstSince, insertEndpoint, moveBack, sendAgain, updateEndpoint } from './events/webhook-orders.js';
import {
  descriptionOf,
  isWanted,
  noEvent,
  notFound,
  refuseFormat,
  toldOfNothing,
  typesText,
  urlOf,
} from './events/webhook-request.js';
import { addSecret, forgetSecrets } from './events/webhook-secrets.js';
import type { WebhookEndpointRow } from './events/webhook-tables.js';
import type { IssuedWebhook, WebhookChanges, WebhookDoor, WebhookRequest } from './webhooks-api.js';
import { storedInstant } from './model/instants.js';
import { listDeliveries, listWebhooks } from './reading/webhooks.js';
import { parseInstant } from './reading/parse-instant.js';
import { appendAudit } from './security/audit-log.js';
import type { AllowedHosts } from './security/outbound-url.js';
import type { SecretBox } from './security/secret-box.js';
import type { Store } from './store/store.js';
import { rawRows, type Sql } from './store/table.js';
import { lockTenant } from './tenancy/lock-tenant.js';
import { notApplied } from './tenancy/not-applied.js';
import type { IdSource } from './tokens.js';

/** What stands behind that door. */
export interface WebhookParts {
  store: Store;
  /** Brings the schema up to date where it is not. */
  prepare(): Promise<void>;
  clock: Clock;
  ids: IdSource;
  log: Logger;
  /** @throws RC_SECRET_KEY_NEEDED where no key was given. */
  box(): SecretBox;
  /** Names of the forms of bodies that are known here. */
  formats: readonly string[];
  allowedHosts: AllowedHosts;
}

/** Opens that door. */
export function openWebhookDoor(parts: WebhookParts): Omit<WebhookDoor, 'worker'> {
  return {
    create: (tenant, request) => create(parts, tenant, request),
    list: (tenant, request) => read(parts, tenant, (sql, head) => listWebhooks(sql, tenant, head, request)),
    show: (tenant, id) => read(parts, tenant, async (sql) => documentOf(sql, await found(sql, tenant, id))),
    update: (tenant, id, changes) => update(parts, tenant, id, changes),
    rotateSecret: (tenant, id, options) => rotate(parts, { tenant, id }, options),
    disable: (tenant, id, by) => disable(parts, { tenant, id }, by),
    enable: (tenant, id, options) => enable(parts, { tenant, id }, options),
    remove: (tenant, id, by) => remove(parts, { tenant, id }, by),
    deliveries: (tenant, request) =>
      read(parts, tenant, async (sql) => {
        if (request?.webhook !== undefined) await found(sql, tenant, request.webhook);
        return listDeliveries(sql, tenant, request);
      }),
    resend: (tenant, order) => resend(parts, tenant, order),
    recover: (tenant, id, order) => recover(parts, { tenant, id }, order),
  };
}

async function create(parts: WebhookParts, tenant: string, request: WebhookRequest): Promise<IssuedWebhook> {
  await parts.prepare();
  const box = parts.box();
  const format = request.format ?? 'rollcall';
  refuseFormat(format, parts.formats);
  const at = storedInstant(parts.clock.now());
  const row: WebhookEndpointRow = {
    ...BLANK,
    tenant_id: tenant,
    id: parts.ids.next('whe'),
    url: urlOf(parts.allowedHosts, request.url),
    description: descriptionOf(request.description ?? ''),
    format,
    types: typesText(request.types ?? null),
    created_at: at,
    created_by: request.by,
  };
  return parts.store.write('push', async (sql) => {
    await lockTenant(sql, tenant);
    row.position = await headOf(sql, tenant);
    await refuseTaken(sql, row);
    await insertEndpoint(sql, row);
    const secret = await addSecret(sql, placeOf(row), box, { now: at, othersUntil: at });
    await audit(sql, row, { at, who: request.by, action: 'webhook.created' });
    return { webhook: await documentOf(sql, row), secret: secret.reveal() };
  });
}

const BLANK = {
  status: 'enabled',
  disabled_at: null,
  disabled_by: null,
  disabled_reason: null,
  retired_at: null,
  position: 0,
  faults: 0,
  resting_until: null,
  lease_token: 0,
  leased_until: null,
};

async function update(
  parts: WebhookParts,
  tenant: string,
  id: string,
  { url, description, types, by }: WebhookChanges,
): Promise<WebhookDocument> {
  return change(parts, { tenant, id }, by, 'webhook.updated', async (sql, row) => {
    const changed = {
      ...row,
      url: url === undefined ? row.url : urlOf(parts.allowedHosts, url),
      description: description === undefined ? row.description : descriptionOf(description),
      types: types === undefined ? row.types : typesText(types),
    };
    await refuseTaken(sql, changed);
    await updateEndpoint(sql, changed);
  });
}

async function rotate(
  parts: WebhookParts,
  place: Place,
  { overlapSeconds, by }: { overlapSeconds: number; by: string },
): Promise<IssuedWebhook> {
  const box = parts.box();
  const at = parts.clock.now();
  const othersUntil = storedInstant(new Date(at.getTime() + overlapSeconds * 1_000));
  let secret = '';
  const webhook = await change(parts, place, by, 'webhook.secretRotated', async (sql, row) => {
    secret = (await addSecret(sql, placeOf(row), box, { now: storedInstant(at), othersUntil })).reveal();
  });
  return { webhook, secret };
}

function disable(parts: WebhookParts, place: Place, by: string): Promise<WebhookDocument> {
  return change(parts, place, by, 'webhook.disabled', async (sql, row) => {
    if (row.status === 'enabled') await disableEndpoint(sql, row, 'person', turnOf(parts, by));
  });
}

function enable(
  parts: WebhookParts,
  place: Place,
  { skipFailed = false, by }: { skipFailed?: boolean; by: string },
): Promise<WebhookDocument> {
  return change(parts, place, by, 'webhook.enabled', async (sql, row) => {
    if (skipFailed) await dropPending(sql, placeOf(row), { failed: true });
    if (row.status === 'disabled') await enableEndpoint(sql, row, turnOf(parts, by));
  });
}

async function remove(parts: WebhookParts, place: Place, by: string): Promise<WebhookDocument> {
  return change(parts, place, by, 'webhook.removed', async (sql, row) => {
    await retireEndpoint(sql, row, turnOf(parts, by));
    await forgetSecrets(sql, placeOf(row));
  });
}

async function resend(
  parts: WebhookParts,
  tenant: string,
  { event: name, webhook, by }: { event: string; webhook?: string; by: string },
): Promise<{ webhooks: string[] }> {
  await parts.prepare();
  const at = storedInstant(parts.clock.now());
  return parts.store.write('push', async (sql) => {
    const candidates =
      webhook === undefined ? await lockEnabled(sql, tenant) : [await locked(sql, { tenant, id: webhook })];
    await lockTenant(sql, tenant);
    await headOf(sql, tenant);
    const event = await findEvent(sql, tenant, name);
    if (event === null) throw noEvent(name);
    const wanting = candidates.filter((row) => row.status === 'enabled' && isWanted(row, event.type));
    if (wanting.length === 0) throw toldOfNothing(event.type);
    // What is still to come would come twice.
    await sendAgain(
      sql,
      wanting.filter(({ position }) => event.sequence <= position),
      event,
      at,
    );
    for (const row of wanting)
      await audit(sql, row, { at, who: by, action: 'webhook.resent', more: { event: event.id } });
    return { webhooks: wanting.map(({ id }) => id) };
  });
}

async function recover(
  parts: WebhookParts,
  place: Place,
  { since, by }: { since: string; by: string },
): Promise<{ webhook: WebhookDocument; events: number }> {
  const from = parseInstant(since);
  let events = 0;
  const webhook = await change(parts, place, by, 'webhook.recovered', async (sql, row) => {
    const first = await firstSince(sql, row.tenant_id, from);
    const position = first === null ? row.position : Math.min(first - 1, row.position);
    events = row.position - position;
    await moveBack(sql, row, position);
    await dropPending(sql, placeOf(row), { after: position });
  });
  return { webhook, events };
}

interface Place {
  tenant: string;
  id: string;
}

/** Changes an endpoint that is not retired, in one transaction with its entry in the audit log. */
async function change(
  parts: WebhookParts,
  { tenant, id }: Place,
  by: string,
  action: string,
  task: (sql: Sql, row: WebhookEndpointRow) => Promise<void>,
): Promise<WebhookDocument> {
  await parts.prepare();
  const at = storedInstant(parts.clock.now());
  return parts.store.write('push', async (sql) => {
    const row = await locked(sql, { tenant, id });
    await lockTenant(sql, tenant);
    await task(sql, row);
    await audit(sql, row, { at, who: by, action });
    return documentOf(sql, await found(sql, tenant, id));
  });
}

async function read<T>(parts: WebhookParts, tenant: string, task: (sql: Sql, head: number) => Promise<T>): Promise<T> {
  await parts.prepare();
  return parts.store.read(async (sql) => task(sql, await headOf(sql, tenant)));
}

async function locked(sql: Sql, { tenant, id }: Place): Promise<WebhookEndpointRow> {
  const row = await lockEndpoint(sql, { tenantId: tenant, endpointId: id });
  if (row === null || row.status === 'retired') throw notFound(tenant, id);
  return row;
}

async function found(sql: Sql, tenant: string, id: string): Promise<WebhookEndpointRow> {
  const row = await findEndpoint(sql, { tenantId: tenant, endpointId: id });
  if (row === null) throw notFound(tenant, id);
  return row;
}

async function documentOf(sql: Sql, row: WebhookEndpointRow): Promise<WebhookDocument> {
  const [document] = await webhookDocuments(sql, row.tenant_id, [row], await headOf(sql, row.tenant_id));
  if (document === undefined) throw new Error('One endpoint made no document.');
  return document;
}

/** The sequence of the tenant's last event. @throws RC_NOT_APPLIED */
async function headOf(sql: Sql, tenant: string): Promise<number> {
  const text = 'SELECT event_sequence AS head FROM tenant WHERE id = ?';
  const [row] = await rawRows<{ head: number }>(sql, text, [tenant]);
  if (row === undefined) throw notApplied(tenant);
  return row.head;
}

const placeOf = (row: WebhookEndpointRow): { tenantId: string; endpointId: string } => ({
  tenantId: row.tenant_id,
  endpointId: row.id,
});

function turnOf({ clock, ids }: WebhookParts, by: string): Turn {
  return { now: storedInstant(clock.now()), by, newId: (prefix) => ids.next(prefix) };
}

/** Never with the address: it may carry a secret of the receiver's. */
async function audit(
  sql: Sql,
  row: WebhookEndpointRow,
  { more = {}, ...entry }: { at: string; who: string; action: string; more?: { event?: string } },
): Promise<void> {
  await appendAudit(sql, row.tenant_id, { ...entry, detail: { webhook: row.id, ...more } });
}

async function refuseTaken(sql: Sql, row: WebhookEndpointRow): Promise<void> {
  if (!(await isTaken(sql, row.tenant_id, row))) return;
  throw new RollcallError('RC_WEBHOOK_EXISTS', 64, 'stop', {
    what: 'Another endpoint of this tenant has that address and form.',
    where: { tenant: row.tenant_id },
    mend: 'Change that one, see "rollcall webhook list", or give another address.',
  });
}
