import type { AddressInfo } from 'node:net';
import { RollcallError } from '@rollcall/core';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { decorateWithApiKey, requireApiKey } from './access/api-key.js';
import { failureLimit, registerRateLimits } from './access/rate-limits.js';
import { DrainSignal } from './drain.js';
import { addHealth } from './health.js';
import { answerClientError } from './http/client-errors.js';
import { handleErrors, problemOfAny, sendProblem } from './http/error-handler.js';
import { refuseEncodedBodies, refuseWhileDraining, securityHeaders } from './http/hooks.js';
import { takeJsonBodies } from './http/json-body.js';
import { requestIdOf } from './http/request-id.js';
import { loggerOptions, logRequests, quietController } from './http/request-log.js';
import { MAX_PARAM_LENGTH, tellMethodsFromPaths } from './http/routes-by-path.js';
import { Metrics } from './metrics.js';
import { notificationSurface } from './notifications/surface.js';
import { describeApi, serveDescription } from './openapi/describe.js';
import { DEFAULT_LIMITS, type Limits, type ServerOptions, type SurfaceContext } from './options.js';
import { isScim, sendScimError } from './scim/answers.js';
import { scimSurface } from './scim/surface.js';
import { Cursors } from './v1/cursor.js';
import { EventWatch } from './v1/event-watch.js';
import { addV1 } from './v1/routes.js';
import { isWorkos, sendWorkosError } from './workos/answers.js';
import { workosSurface } from './workos/surface.js';

/** A service that is built, and listens when it is told to. */
export interface RollcallServer extends AsyncDisposable {
  /** The Fastify instance: for `inject` in tests, or to be mounted elsewhere. */
  readonly app: FastifyInstance;
  /**
   * Listens; port 0 takes a free one. Answers the URL.
   *
   * @throws RC_LISTEN_FAILED (1) where the address cannot be had.
   */
  listen(address: { host: string; port: number }): Promise<string>;
  /**
   * Stops: `/readyz` answers 503, no further connection is accepted, those who wait for events are answered at once,
   * running requests may end within `drainTimeoutMs`; then what is still open is cut off. The Rollcall that was handed in
   * stays open.
   */
  drain(): Promise<void>;
}

/**
 * Builds the HTTP service around a Rollcall. Reads no environment, listens to no signals.
 *
 * @throws when a surface cannot be registered.
 */
export async function createServer(options: ServerOptions): Promise<RollcallServer> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const drain = new DrainSignal();
  const metrics = new Metrics(options.rollcall);
  const app = fastifyOf(options, limits);
  installBase(app, drain, metrics);
  await registerRateLimits(app);
  await describeApi(app);
  addHealth(app, options.rollcall, drain);
  serveDescription(app);
  const context = contextOf(app, options, limits, drain);
  addV1(app, { ...context, cursors: new Cursors(options.secretKey), watch: watchOf(context, metrics) });
  const scim = scimSurface({ secretKey: options.secretKey, publicUrl: options.publicUrl });
  const notifications = notificationSurface(metrics.notifications);
  for (const surface of [scim, notifications, workosSurface(), ...(options.surfaces ?? [])])
    await app.register(async (scope) => surface.routes(scope, context), { prefix: surface.prefix });
  await app.ready();
  app.server.maxConnections = limits.connections;
  return runningServer(app, { drain, metrics, limits });
}

function contextOf(
  app: FastifyInstance,
  { rollcall }: ServerOptions,
  limits: Limits,
  drain: DrainSignal,
): SurfaceContext {
  const failures = failureLimit(app, limits);
  return { rollcall, limits, drain, failures, requireKey: (right) => requireApiKey(rollcall, right, failures) };
}

function watchOf({ rollcall, limits }: SurfaceContext, metrics: Metrics): EventWatch {
  return new EventWatch({
    rollcall,
    intervalMs: limits.longPollIntervalMs,
    most: limits.longPolls,
    waiting: metrics.longPolls,
  });
}

function fastifyOf({ log, trustProxy }: ServerOptions, limits: Limits): FastifyInstance {
  const app = Fastify({
    http: {
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: limits.connectionsCheckingIntervalMs,
    },
    requestTimeout: limits.requestTimeoutMs,
    handlerTimeout: limits.handlerTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    bodyLimit: limits.bodyBytes,
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    ajv: { customOptions: { removeAdditional: false, allErrors: false, strict: false } },
    genReqId: requestIdOf,
    logger: loggerOptions(log) ?? false,
    logController: quietController,
    frameworkErrors: (error, request, reply) => {
      refuse(request, reply, error);
    },
    clientErrorHandler: answerClientError,
    ...(trustProxy === undefined ? {} : { trustProxy }),
  });
  // A serializer made from a schema drops what the schema does not name: documents are answered as they are.
  app.setSerializerCompiler(() => JSON.stringify);
  return app;
}

/** What is refused before a surface sees it, in the form of the surface that it was meant for. */
function refuse(request: FastifyRequest, reply: FastifyReply, error: FastifyError): void {
  if (isScim(request)) void sendScimError(request, reply, error);
  else if (isWorkos(request)) void sendWorkosError(request, reply, error);
  else void sendProblem(request, reply, problemOfAny(error));
}

function installBase(app: FastifyInstance, drain: DrainSignal, metrics: Metrics): void {
  app.removeAllContentTypeParsers();
  takeJsonBodies(app, ['application/json']);
  handleErrors(app);
  tellMethodsFromPaths(app);
  decorateWithApiKey(app);
  logRequests(app);
  securityHeaders(app);
  metrics.install(app);
  refuseWhileDraining(app, drain);
  refuseEncodedBodies(app);
}

function runningServer(
  app: FastifyInstance,
  { drain, metrics, limits }: { drain: DrainSignal; metrics: Metrics; limits: Limits },
): RollcallServer {
  let drained: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    drain.begin();
    const patience = setTimeout(() => {
      app.server.closeAllConnections();
    }, limits.drainTimeoutMs);
    try {
      await app.close();
    } finally {
      clearTimeout(patience);
      metrics.close();
    }
  };
  const once = (): Promise<void> => (drained ??= stop());
  return {
    app,
    async listen({ host, port }) {
      try {
        await app.listen({ host, port });
      } catch (error) {
        throw cannotListen(host, port, error);
      }
      return urlOf(app.server.address() as AddressInfo);
    },
    drain: once,
    [Symbol.asyncDispose]: once,
  };
}

/** What the system said to an address, in words. */
const LISTEN_FAILURES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process listens there',
  EACCES: 'this user may not',
  EADDRNOTAVAIL: 'this machine does not have that address',
  ENOTFOUND: 'there is no such host',
};

function cannotListen(host: string, port: number, cause: unknown): RollcallError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
  return new RollcallError('RC_LISTEN_FAILED', 1, 'stop', {
    what: `The service cannot listen on ${host} port ${port}: ${LISTEN_FAILURES[code] ?? code}.`,
    mend: 'Give another address or port: rollcall serve --host ADDRESS --port N',
    cause,
  });
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
