import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Rollcall } from '@rollcall/core';
import { routeOf } from './http/request-log.js';

/** Methods that are counted apart; whatever else somebody sends is one label. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** What the service counts: labels are route patterns, methods and status codes, never a name, id or address. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #duration: Histogram<'method' | 'route' | 'status'>;
  readonly #running: Gauge;
  readonly longPolls: Gauge;
  readonly #refused: Counter<'code'>;
  readonly notifications: Counter<'result'>;

  constructor(rollcall: Pick<Rollcall, 'freshness'>) {
    const registers = [this.#registry];
    gaugeDirectories(rollcall, registers);
    collectDefaultMetrics({ register: this.#registry });
    this.#duration = new Histogram({
      name: 'rollcall_http_request_duration_seconds',
      help: 'Seconds from a request to its answer, by method, route pattern and status.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    });
    this.#running = new Gauge({
      name: 'rollcall_http_requests_running',
      help: 'Requests that are being answered, long polls among them.',
      registers,
    });
    this.longPolls = new Gauge({
      name: 'rollcall_http_long_polls_waiting',
      help: 'Requests that wait for events.',
      registers,
    });
    this.#refused = new Counter({
      name: 'rollcall_http_access_refused_total',
      help: 'Requests refused for their API key, right, tenant or number, by status.',
      labelNames: ['code'],
      registers,
    });
    this.notifications = new Counter({
      name: 'rollcall_notifications_total',
      help: 'Requests by which sources tell of changes: taken, repeated (all of it was taken earlier), refused.',
      labelNames: ['result'],
      registers,
    });
  }

  /** Counts every request of the application, and serves the counts at `/metrics`. */
  install(app: FastifyInstance): void {
    app.addHook('onRequest', (_request, _reply, done) => {
      this.#running.inc();
      done();
    });
    app.addHook('onResponse', (request, reply, done) => {
      const { statusCode } = reply;
      this.#running.dec();
      const method = METHODS.has(request.method) ? request.method : 'other';
      this.#duration.observe({ method, route: routeOf(reply), status: statusCode }, reply.elapsedTime / 1_000);
      if ([401, 403, 429].includes(statusCode)) this.#refused.inc({ code: String(statusCode) });
      done();
    });
    app.get('/metrics', { schema: { hide: true }, handlerTimeout: 10_000 }, async (_request, reply) => {
      void reply.header('content-type', this.#registry.contentType).header('cache-control', 'no-store');
      return this.#registry.metrics();
    });
  }

  close(): void {
    this.#registry.clear();
  }
}

/** Counted when somebody looks. A database that does not answer must not take the other figures along. */
function gaugeDirectories(rollcall: Pick<Rollcall, 'freshness'>, registers: Registry[]): void {
  new Gauge({
    name: 'rollcall_directories',
    help: 'Directories that are read by themselves, by how current they are: fresh, failing, stale.',
    labelNames: ['state'],
    registers,
    async collect() {
      this.reset();
      try {
        const counts = await rollcall.freshness();
        for (const state of ['fresh', 'failing', 'stale'] as const) this.set({ state }, counts[state]);
      } catch {
        // /readyz says that the database does not answer.
      }
    },
  });
}
