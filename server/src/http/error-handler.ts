import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isRollcallError } from '@rollcall/core';
import { problemOfFramework } from './framework-problems.js';
import { HttpProblem, PROBLEM_TYPE, problemDocument, problemOf, type ProblemParts } from './problem.js';

/** Answers a problem. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, parts: ProblemParts): FastifyReply {
  return reply
    .code(parts.status)
    .headers({
      ...parts.headers,
      'content-type': PROBLEM_TYPE,
      'cache-control': 'no-store',
      'x-request-id': request.id,
    })
    .serializer(JSON.stringify)
    .send(problemDocument(parts, request.id));
}

/** Any error as a problem, whoever threw it. */
export function problemOfAny(error: unknown): ProblemParts {
  if (error instanceof HttpProblem || isRollcallError(error)) return problemOf(error);
  return problemOfFramework(error instanceof Error ? error : {});
}

/** Every error becomes a problem; what nobody planned is logged by its place in the code, without its words. */
export function handleErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const parts = problemOfAny(error);
    if (parts.status >= 500) request.log.error({ err: error, code: parts.code }, 'request failed');
    return sendProblem(request, reply, parts);
  });
}
