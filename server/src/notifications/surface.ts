import type { NotificationEntry } from '@rollcall/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { failureLimit, limitOfNotifications } from '../access/rate-limits.js';
import { HttpProblem } from '../http/problem.js';
import type { Metrics } from '../metrics.js';
import type { Surface, SurfaceContext } from '../options.js';

/** Under which sources tell of changes. */
export const NOTIFICATIONS_PREFIX = '/notifications';

const NO_BODY = new Uint8Array();
/** How ids of directories are written. */
const DIRECTORY_ID = /^dir-[A-Za-z0-9]{1,64}$/;

/**
 * What sources send to tell of changes, at `/notifications/{directory}`: verified by the directory's connector over the
 * raw bytes, stored before it is answered. Whoever is refused learns nothing but that.
 */
export function notificationSurface(counter: Metrics['notifications']): Surface {
  return {
    name: 'notifications',
    prefix: NOTIFICATIONS_PREFIX,
    routes: (scope, context) => {
      takeRawBodies(scope, context);
      const failures = failureLimit(scope, context.limits);
      const limit = limitOfNotifications(scope, context.limits);
      scope.addHook('onRequest', async (request) => {
        if (request.is404) return;
        await failures.refuseIfExceeded(request);
        await limit(request);
      });
      scope.route({
        method: ['GET', 'POST'],
        url: '/:directory',
        exposeHeadRoute: false,
        schema: { hide: true },
        bodyLimit: context.limits.bodyBytes,
        handler: async (request, reply) => {
          const entry = await enter(context, request);
          counter.inc({ result: resultOf(entry) });
          if (!entry.taken) {
            await failures.count(request);
            throw refused();
          }
          return answer(reply, entry);
        },
      });
    },
  };
}

/** Signatures are made over bytes: nothing is parsed before they are checked. */
function takeRawBodies(scope: FastifyInstance, { limits }: SurfaceContext): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: limits.bodyBytes }, (_request, body, done) => {
    done(null, body);
  });
}

async function enter({ rollcall }: SurfaceContext, request: FastifyRequest): Promise<NotificationEntry> {
  const { directory } = request.params as { directory: string };
  if (!DIRECTORY_ID.test(directory)) return { taken: false };
  return rollcall.notifications.receive(directory, {
    method: request.method === 'GET' ? 'GET' : 'POST',
    headers: headersOf(request),
    query: request.url.split('?').slice(1).join('?'),
    body: request.body instanceof Uint8Array ? request.body : NO_BODY,
  });
}

function headersOf({ headers }: FastifyRequest): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}

function resultOf(entry: NotificationEntry): 'refused' | 'taken' | 'repeated' {
  if (!entry.taken) return 'refused';
  return entry.fresh === 0 && entry.repeated > 0 ? 'repeated' : 'taken';
}

function answer(reply: FastifyReply, entry: Extract<NotificationEntry, { taken: true }>): FastifyReply {
  if (entry.answer === null) return reply.code(202).send();
  return reply.code(200).type(entry.answer.contentType).send(Buffer.from(entry.answer.body));
}

/** One and the same for a directory that is not there, a wrong signature, and a time too far from now. */
function refused(): HttpProblem {
  return new HttpProblem({
    status: 401,
    code: 'RC_NOTIFICATION_REFUSED',
    detail: 'This notification cannot be believed. Nothing was stored.',
    mend: 'Check the address, the signing secret and the clock of the sender.',
  });
}
