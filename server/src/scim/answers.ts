import { refuse, ScimError, type ScimResponse } from '@rollcall/connector-scim';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemOfAny } from '../http/error-handler.js';

/** Under which SCIM answers, and nothing but SCIM. */
export const SCIM_PREFIX = '/scim/v2';

/** True for a request that expects SCIM's own form of errors. */
export function isScim(request: Pick<FastifyRequest, 'url'>): boolean {
  return request.url === SCIM_PREFIX || /^\/scim\/v2[/?]/.test(request.url);
}

/** Sends what the protocol answered. */
export function sendScim(reply: FastifyReply, { status, headers, body }: ScimResponse): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}

/** Any error in SCIM's form, whoever threw it: the framework, a limit, the access check. */
export function sendScimError(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const refusal = error instanceof ScimError ? error : refusalOf(error);
  if (refusal.status >= 500) request.log.error({ err: error }, 'request failed');
  const { accept } = request.headers;
  return sendScim(reply.header('x-request-id', request.id), refuse(refusal, { accept }));
}

function refusalOf(error: unknown): ScimError {
  const { status, detail, mend, headers = {} } = problemOfAny(error);
  return new ScimError(status, `${detail} ${mend}`, { headers, cause: error });
}
