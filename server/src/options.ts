import type { ApiKeyRight, Rollcall } from '@rollcall/core';
import type { FastifyInstance, onRequestAsyncHookHandler } from 'fastify';
import type { FailureLimit } from './access/api-key.js';
import type { DrainSignal } from './drain.js';

/** How much a client may ask for. Every limit has a default; those of tests are smaller. */
export interface Limits {
  /** Bytes of a body, announced or not. A surface may set another one for its routes. */
  bodyBytes: number;
  /** The same of a SCIM request: a replaced group carries all its members. */
  scimBodyBytes: number;
  /** SCIM requests of one directory within ten seconds; its provider waits as Retry-After says, and comes again. */
  scimRequestsPerTenSeconds: number;
  /** Groups that the WorkOS-compatible API shows with each user; the list of groups has them all. */
  groupsPerUser: number;
  /** Notifications a minute to one directory; their source comes again as Retry-After says. */
  notificationsPerMinute: number;
  /** Requests a minute of one API key. */
  requestsPerMinute: number;
  /** Requests a minute without a good key, of one address. */
  failuresPerMinute: number;
  /** Open connections; further ones are closed at once. */
  connections: number;
  /** Long polls that wait at the same time; further ones are answered at once. */
  longPolls: number;
  /** Until a request's headers are there. */
  headersTimeoutMs: number;
  /** Until a request is there as a whole. */
  requestTimeoutMs: number;
  /** Until a request is answered. */
  handlerTimeoutMs: number;
  /** For which a connection may be silent between two requests. */
  keepAliveTimeoutMs: number;
  /** How often connections are checked for the first two. */
  connectionsCheckingIntervalMs: number;
  /** How often the database is asked for new events while somebody waits for them. */
  longPollIntervalMs: number;
  /** How long running requests may take to end when the service stops. */
  drainTimeoutMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 1_048_576,
  scimBodyBytes: 5_242_880,
  scimRequestsPerTenSeconds: 500,
  groupsPerUser: 500,
  notificationsPerMinute: 1_200,
  requestsPerMinute: 6_000,
  failuresPerMinute: 100,
  connections: 2_000,
  longPolls: 1_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  handlerTimeoutMs: 90_000,
  keepAliveTimeoutMs: 65_000,
  connectionsCheckingIntervalMs: 5_000,
  longPollIntervalMs: 250,
  drainTimeoutMs: 10_000,
};

/** What a surface is built with. */
export interface SurfaceContext {
  rollcall: Rollcall;
  limits: Limits;
  drain: DrainSignal;
  /** For surfaces with tokens of their own: who guesses is not looked up any more. */
  failures: FailureLimit;
  /** An `onRequest` hook that lets in who presents an API key with that right, good for the tenant of the route, if it names one. */
  requireKey: (right: ApiKeyRight) => onRequestAsyncHookHandler;
}

/**
 * A further group of routes, such as SCIM or notifications: a Fastify plugin in a scope of its own. It may bring its own
 * content types, hooks and error handler; what it throws and does not handle becomes a problem document.
 */
export interface Surface {
  name: string;
  /** Path under which its routes stand; empty for the root. */
  prefix: string;
  routes: (scope: FastifyInstance, context: SurfaceContext) => Promise<void> | void;
}

/** What a server is made of. */
export interface ServerOptions {
  rollcall: Rollcall;
  /** The project's key (`readSecretKey`): cursors are signed with a key derived from it. */
  secretKey: Buffer;
  /** Takes the log, one JSON document a line; nothing is logged when left out. */
  log?: { write(line: string): void };
  limits?: Partial<Limits>;
  /** Addresses or networks of the proxies in front of the service, whose `X-Forwarded-For` counts; none when left out. */
  trustProxy?: string[];
  /** Where clients reach the service, such as `https://rollcall.example`: stands in SCIM's locations. As requests say when left out. */
  publicUrl?: string;
  surfaces?: readonly Surface[];
}
