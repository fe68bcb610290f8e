import type { FastifyInstance } from 'fastify';
import type { DrainSignal } from '../drain.js';
import { HttpProblem } from './problem.js';

/** Paths that answer while the service stops: whoever watches it must see that it does. */
const WHILE_DRAINING = new Set(['/livez', '/readyz', '/metrics']);

/** New requests on connections that are still open are sent elsewhere; those that run end their connection. */
export function refuseWhileDraining(app: FastifyInstance, drain: DrainSignal): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const isServed = !drain.isDraining || WHILE_DRAINING.has(request.routeOptions.url ?? '');
    done(isServed ? undefined : stopping());
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (drain.isDraining) void reply.header('connection', 'close');
    done(null, payload);
  });
}

function stopping(): HttpProblem {
  return new HttpProblem({
    status: 503,
    code: 'RC_HTTP_STOPPING',
    detail: 'The service is stopping.',
    mend: 'Send the request again, on a new connection.',
    headers: { 'retry-after': '1' },
  });
}

/** A packed body may be a thousand times as large as it looks: bodies are taken as they are, or not at all. */
export function refuseEncodedBodies(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const encoding = request.headers['content-encoding'];
    done(encoding === undefined || encoding.toLowerCase() === 'identity' ? undefined : encoded());
  });
}

function encoded(): HttpProblem {
  return new HttpProblem({
    status: 415,
    code: 'RC_HTTP_CONTENT_ENCODING',
    detail: 'This service takes no packed bodies.',
    mend: 'Send the body without Content-Encoding.',
    headers: { 'accept-encoding': 'identity' },
  });
}

/** Nothing of what is answered is to be kept, framed or taken for something else. */
export function securityHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    void reply.headers({
      'x-request-id': request.id,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
    done();
  });
}
