import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A caller's own id, so that its log and ours can be joined; nothing that could forge a line. */
const GIVEN = /^[\w-]{1,64}$/;

/** The id of a request: the caller's `X-Request-Id` where it is a plain word, else a random one. */
export function requestIdOf(message: Pick<IncomingMessage, 'headers'>): string {
  const given = message.headers['x-request-id'];
  return typeof given === 'string' && GIVEN.test(given) ? given : randomUUID();
}
