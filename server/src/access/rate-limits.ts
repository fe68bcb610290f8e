import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpProblem } from '../http/problem.js';
import type { Limits } from '../options.js';
import type { FailureLimit } from './api-key.js';

const MINUTE_MS = 60_000;

/** Prepares the limits; each surface then says where they count. */
export async function registerRateLimits(app: FastifyInstance): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    errorResponseBuilder: (_request, { ttl }) => tooMany(Math.ceil(ttl / 1_000)),
  });
}

/** The limit of requests of one API key, for the routes of a scope whose hooks know the key. */
export function limitPerKey(scope: FastifyInstance, { requestsPerMinute }: Pick<Limits, 'requestsPerMinute'>): void {
  scope.addHook(
    'preParsing',
    scope.rateLimit({
      max: requestsPerMinute,
      timeWindow: MINUTE_MS,
      keyGenerator: (request) => request.apiKey?.keyId ?? request.ip,
    }),
  );
}

const TEN_SECONDS_MS = 10_000;

/** The limit of SCIM requests of one directory: above what a provider sends in its first hours. */
export function limitPerDirectory(
  scope: FastifyInstance,
  { scimRequestsPerTenSeconds }: Pick<Limits, 'scimRequestsPerTenSeconds'>,
): (request: FastifyRequest) => Promise<void> {
  const limit = scope.createRateLimit({
    max: scimRequestsPerTenSeconds,
    timeWindow: TEN_SECONDS_MS,
    keyGenerator: (request) => request.pushedDirectory?.id ?? request.ip,
  });
  return async (request) => {
    const state = await limit(request);
    if (!state.isAllowed && state.isExceeded) throw tooMany(state.ttlInSeconds);
  };
}

/** The limit of notifications to one directory, of whoever sends them: nothing is looked up for those beyond. */
export function limitOfNotifications(
  scope: FastifyInstance,
  { notificationsPerMinute }: Pick<Limits, 'notificationsPerMinute'>,
): (request: FastifyRequest) => Promise<void> {
  const limit = scope.createRateLimit({
    max: notificationsPerMinute,
    timeWindow: MINUTE_MS,
    keyGenerator: (request) => (request.params as { directory?: string }).directory ?? request.ip,
  });
  return async (request) => {
    const state = await limit(request);
    if (!state.isAllowed && state.isExceeded) throw tooMany(state.ttlInSeconds);
  };
}

/** The limit of failures of one address: who guesses is not even looked up any more. */
export function failureLimit(
  app: FastifyInstance,
  { failuresPerMinute }: Pick<Limits, 'failuresPerMinute'>,
): FailureLimit {
  const limit = app.createRateLimit({ max: failuresPerMinute, timeWindow: MINUTE_MS });
  return {
    async refuseIfExceeded(request) {
      const state = await limit(request, { increment: false });
      if (!state.isAllowed && state.remaining === 0) throw tooMany(state.ttlInSeconds);
    },
    async count(request) {
      await limit(request);
    },
  };
}

function tooMany(seconds: number): HttpProblem {
  return new HttpProblem({
    status: 429,
    code: 'RC_HTTP_RATE_LIMITED',
    detail: 'These are more requests than are answered in this time.',
    mend: 'Wait as long as Retry-After says.',
    headers: { 'retry-after': String(Math.max(1, seconds)) },
  });
}
