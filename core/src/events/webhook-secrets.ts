import { randomBytes } from 'node:crypto';
import { Secret } from '../security/redact.js';
import type { SecretAddress, SecretBox } from '../security/secret-box.js';
import { deleteRows, insertRows, rawRows, updateRows, type Sql } from '../store/table.js';
import { WEBHOOK_SECRET, type WebhookSecretRow } from './webhook-tables.js';

/** The endpoint that is meant. */
export interface EndpointPlace {
  tenantId: string;
  endpointId: string;
}

/** 256 bits of chance; Standard Webhooks asks for 192 to 512. */
const SECRET_BYTES = 32;

function addressOf({ tenantId, endpointId }: EndpointPlace, version: number): SecretAddress {
  return { tenant: tenantId, directory: endpointId, field: 'webhook', version };
}

/** The secrets of an endpoint, the newest first. */
export function selectSecrets(sql: Sql, { tenantId, endpointId }: EndpointPlace): Promise<WebhookSecretRow[]> {
  const text = `SELECT ${WEBHOOK_SECRET.columns.join(', ')} FROM webhook_secret
    WHERE tenant_id = ? AND endpoint_id = ? ORDER BY version DESC`;
  return rawRows(sql, text, [tenantId, endpointId]);
}

/**
 * Draws a secret and seals it. The one that counted stays good until `othersUntil`; an older one ends now, so that there
 * are never more than two.
 */
export async function addSecret(
  sql: Sql,
  place: EndpointPlace,
  box: SecretBox,
  { now, othersUntil }: { now: string; othersUntil: string },
): Promise<Secret> {
  const [newest, ...older] = await selectSecrets(sql, place);
  await deleteRows(sql, WEBHOOK_SECRET, older);
  if (newest !== undefined)
    await updateRows(sql, WEBHOOK_SECRET, ['expires_at'], [{ ...newest, expires_at: othersUntil }]);
  const version = (newest?.version ?? 0) + 1;
  const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
  await insertRows(sql, WEBHOOK_SECRET, [
    {
      tenant_id: place.tenantId,
      endpoint_id: place.endpointId,
      version,
      sealed: box.seal(secret, addressOf(place, version)),
      created_at: now,
      expires_at: null,
    },
  ]);
  return new Secret(secret);
}

/** Forgets all secrets of an endpoint that is told of nothing any more. */
export async function forgetSecrets(sql: Sql, place: EndpointPlace): Promise<void> {
  await deleteRows(sql, WEBHOOK_SECRET, await selectSecrets(sql, place));
}

/**
 * The secrets that are good at `now`, the newest first.
 *
 * @throws RC_SECRET_KEY_MISSING, RC_SECRET_UNREADABLE
 */
export function openSecrets(rows: readonly WebhookSecretRow[], box: SecretBox, now: string): Secret[] {
  return rows
    .filter(({ expires_at }) => expires_at === null || expires_at > now)
    .map((row) =>
      box.open(row.sealed, addressOf({ tenantId: row.tenant_id, endpointId: row.endpoint_id }, row.version)),
    );
}
