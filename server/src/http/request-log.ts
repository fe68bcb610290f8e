import type { FastifyInstance, FastifyReply, FastifyServerOptions } from 'fastify';
import { LogController } from 'fastify';
import { redactFields } from '@rollcall/core';
import type { ServerOptions } from '../options.js';

/** What is never logged, whoever logs it: values of headers that hold secrets, bodies, query values. */
const REDACTED_PATHS = [
  'authorization',
  'cookie',
  'token',
  'body',
  'query',
  'url',
  'req.headers',
  'req.body',
  'req.query',
  'req.url',
  'headers.authorization',
  'headers.cookie',
];

/** Fastify's own lines tell addresses, which hold names of people: ours stand in their place. */
export const quietController = new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' });

/** The log of the service: JSON, one line each, to whoever was given. */
export function loggerOptions(log: ServerOptions['log']): FastifyServerOptions['logger'] {
  if (log === undefined) return false;
  return {
    level: 'info',
    base: null,
    stream: log,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (level) => ({ level }), log: safeFields },
    redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
    serializers: { err: describedError },
  };
}

/** Whole requests and replies are never logged; of the rest, what is a secret by type or by name is not. */
function safeFields(fields: Record<string, unknown>): Record<string, unknown> {
  const named = Object.entries(fields).filter(([name]) => !['err', 'req', 'res'].includes(name));
  const safe = redactFields(Object.fromEntries(named)) as Record<string, unknown>;
  return fields.err === undefined ? safe : { ...safe, err: fields.err };
}

/** An error without its words: they may hold values of people, or of a statement. */
export function describedError(error: unknown): { type: string; message: string; stack: string } {
  if (!(error instanceof Error)) return { type: typeof error, message: '', stack: '' };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const code = (error as { code?: unknown }).code;
  return { type: error.name, message: typeof code === 'string' ? code : '', stack: frames.slice(0, 8).join('\n') };
}

/** One line a request: what was asked for by its pattern, by whom, how it ended. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    request.log.info(
      {
        method: request.method,
        route: routeOf(reply),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        ...(request.apiKey === null ? {} : { key: request.apiKey.keyId }),
      },
      'request',
    );
    done();
  });
}

/** The pattern of the route: as many as there are routes, whatever is asked for. */
export function routeOf(reply: FastifyReply): string {
  return reply.request.routeOptions.url ?? 'none';
}
