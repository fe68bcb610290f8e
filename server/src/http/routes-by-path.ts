import type { FastifyInstance } from 'fastify';
import findMyWay, { type HTTPMethod } from 'find-my-way';
import { sendProblem } from './error-handler.js';

const METHODS: readonly HTTPMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Tells a path that is not there from a method that it does not have: Fastify answers 404 to both. */
export function tellMethodsFromPaths(app: FastifyInstance): void {
  const known = findMyWay({ maxParamLength: MAX_PARAM_LENGTH });
  app.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) {
      const name = METHODS.find((candidate) => candidate === each);
      if (name !== undefined && !known.hasRoute(name, url)) known.on(name, url, () => undefined);
    }
  });
  app.setNotFoundHandler((request, reply) => {
    const [path = '/'] = request.url.split('?');
    const allowed = METHODS.filter((method) => known.find(method, path) !== null);
    if (allowed.length === 0) {
      return sendProblem(request, reply, {
        status: 404,
        code: 'RC_HTTP_ROUTE_NOT_FOUND',
        detail: 'There is nothing at this address.',
        mend: 'See /v1/openapi.json for what there is.',
      });
    }
    return sendProblem(request, reply, {
      status: 405,
      code: 'RC_HTTP_METHOD_NOT_ALLOWED',
      detail: `This address does not take ${METHODS.find((method) => method === request.method) ?? 'that method'}.`,
      mend: `Use ${allowed.join(', ')}.`,
      headers: { allow: allowed.join(', ') },
    });
  });
}

/** Longest part of a path that is a parameter: an id of a source may be long. */
export const MAX_PARAM_LENGTH = 1_024;
