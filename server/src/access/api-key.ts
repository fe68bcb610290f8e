import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { ApiKeyGrant, ApiKeyRight, Rollcall } from '@rollcall/core';
import { HttpProblem, tenantNotFound } from '../http/problem.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the presented API key is good for; null where none was asked for. */
    apiKey: ApiKeyGrant | null;
  }
}

/** Whether a caller has failed too often to be heard; counts failures. */
export interface FailureLimit {
  refuseIfExceeded(request: FastifyRequest): Promise<void>;
  count(request: FastifyRequest): Promise<void>;
}

const CHALLENGE = { 'www-authenticate': 'Bearer realm="rollcall"' };

/** Every request has a place for its key. */
export function decorateWithApiKey(app: FastifyInstance): void {
  app.decorateRequest('apiKey', null);
}

/**
 * Lets those in who present a good API key as `Authorization: Bearer` (RFC 6750): 401 without one. Where the route names
 * a tenant, the key must be good for it, else 404 as for a tenant that is not there; then it needs `right`, else 403.
 */
export function requireApiKey(
  rollcall: Pick<Rollcall, 'apiKeys'>,
  right: ApiKeyRight,
  failures: FailureLimit,
): onRequestAsyncHookHandler {
  return async (request) => {
    const grant = await grantOf(rollcall, request, failures);
    request.apiKey = grant;
    const { tenant } = request.params as { tenant?: string };
    if (tenant !== undefined && grant.tenants?.includes(tenant) === false) throw tenantNotFound();
    if (!grant.rights.includes(right)) throw rightMissing(right);
  };
}

async function grantOf(
  { apiKeys }: Pick<Rollcall, 'apiKeys'>,
  request: FastifyRequest,
  failures: FailureLimit,
): Promise<ApiKeyGrant> {
  await failures.refuseIfExceeded(request);
  const token = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
  const grant = token === undefined ? null : await apiKeys.verify(token);
  if (grant !== null) return grant;
  await failures.count(request);
  throw token === undefined ? keyRequired() : keyInvalid();
}

function keyRequired(): HttpProblem {
  return new HttpProblem({
    status: 401,
    code: 'RC_API_KEY_REQUIRED',
    detail: 'This address needs an API key.',
    mend: 'Send it as: Authorization: Bearer rck_… (make one with: rollcall apikey create).',
    headers: CHALLENGE,
  });
}

/** Wrong, expired and revoked are one answer: nobody learns which of his guesses was near. */
function keyInvalid(): HttpProblem {
  return new HttpProblem({
    status: 401,
    code: 'RC_API_KEY_INVALID',
    detail: 'This API key is not, or no longer, good.',
    mend: 'See "rollcall apikey list"; make a new one or rotate it.',
    headers: { 'www-authenticate': `${CHALLENGE['www-authenticate']}, error="invalid_token"` },
  });
}

function rightMissing(right: ApiKeyRight): HttpProblem {
  return new HttpProblem({
    status: 403,
    code: 'RC_API_KEY_RIGHT_MISSING',
    detail: `This API key lacks the right "${right}".`,
    mend: 'Use a key with that right.',
  });
}
