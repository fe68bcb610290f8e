import { createHmac } from 'node:crypto';
import type { Secret } from '../security/redact.js';

/** What is signed: the event's id, the exact text of the body, and when it is sent. */
export interface Signable {
  id: string;
  body: string;
  at: Date;
}

/**
 * The headers by which a receiver knows who sent a body: those of Standard Webhooks, with one signature for each secret,
 * and the one that the SDKs of WorkOS verify, which has room for one signature. While two secrets are good, that is the
 * older one's, so that a receiver may change at any time before it ends.
 *
 * @param secrets - `whsec_` and base64, the newest first; at least one.
 * @see Standard Webhooks 1.0.0, "Webhook headers"; WorkOS, "Sync data with webhooks", read 2026-11
 */
export function signatureHeaders({ id, body, at }: Signable, secrets: readonly Secret[]): Record<string, string> {
  const seconds = String(Math.floor(at.getTime() / 1_000));
  const milliseconds = String(at.getTime());
  const signatures = secrets.map((secret) => `v1,${hmac(keyOf(secret), `${id}.${seconds}.${body}`, 'base64')}`);
  const oldest = secrets.at(-1)?.reveal() ?? '';
  return {
    'webhook-id': id,
    'webhook-timestamp': seconds,
    'webhook-signature': signatures.join(' '),
    'WorkOS-Signature': `t=${milliseconds}, v1=${hmac(oldest, `${milliseconds}.${body}`, 'hex')}`,
  };
}

/** Standard Webhooks keys the hash with the bytes that the text stands for, WorkOS with the text itself. */
function keyOf(secret: Secret): Buffer {
  return Buffer.from(secret.reveal().replace(/^whsec_/, ''), 'base64');
}

function hmac(key: string | Buffer, text: string, encoding: 'base64' | 'hex'): string {
  return createHmac('sha256', key).update(text).digest(encoding);
}
