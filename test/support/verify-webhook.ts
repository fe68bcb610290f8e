import { createHmac } from 'node:crypto';
import type { EventDocument } from '@rollcall/core';
import { Webhook } from 'standardwebhooks';
import type { Received } from './receiver.js';

/** Verifies as WorkOS documents it: the whole text of the secret is the key. */
export function workosSignature({ headers, body }: Received): { at: number; hash: string; message: string } {
  const [, at = '', hash = ''] = /^t=(\d+), v1=([0-9a-f]{64})$/.exec(headers['workos-signature'] ?? '') ?? [];
  return { at: Number(at), hash, message: `${at}.${body}` };
}

/** Whether that secret made the signature that the SDKs of WorkOS verify. */
export const isOfWorkos = (received: Received, secret: string): boolean => {
  const { hash, message } = workosSignature(received);
  return hash === createHmac('sha256', secret).update(message).digest('hex');
};

/**
 * The event in a request, verified by the library of Standard Webhooks. Its clock is the wall clock; the sender's is the
 * test's.
 *
 * @throws where the signature is of another secret.
 */
export function verified(received: Received, secret: string): EventDocument {
  const at = new Date(Number(received.headers['webhook-timestamp']) * 1_000);
  const wall = Date.now;
  Date.now = () => at.getTime();
  try {
    return new Webhook(secret).verify(received.body, received.headers) as EventDocument;
  } finally {
    Date.now = wall;
  }
}
