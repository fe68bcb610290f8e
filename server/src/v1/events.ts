import type { FastifyInstance, FastifyReply } from 'fastify';
import type { EventDocument, Listing } from '@rollcall/core';
import { answers, SECURITY, type V1Context } from './context.js';
import { LAST_SEQUENCE, NAME, PAGE, parameters, TENANT } from './parameters.js';
import { page, the } from './schemas/words.js';

interface Query {
  after: number;
  limit: number;
  wait: number;
  type?: string;
}

const MOST_SECONDS = 60;

/** Events by sequence; with `wait` the answer comes as soon as there is one, or empty when the time is over. */
export function addEvents(scope: FastifyInstance, context: V1Context): void {
  const schema = {
    operationId: 'listEvents',
    summary: 'What changed, in the order of the sequence, at least once; waits for it if asked to.',
    tags: ['reading'],
    security: SECURITY,
    params: parameters({ tenant: TENANT }, ['tenant']),
    querystring: parameters({
      after: {
        type: 'integer',
        minimum: 0,
        maximum: LAST_SEQUENCE,
        default: 0,
        description: 'Sequence of the last event that you have.',
      },
      limit: PAGE.limit ?? {},
      wait: {
        type: 'integer',
        minimum: 0,
        maximum: MOST_SECONDS,
        default: 0,
        description: 'Seconds to wait for an event where there is none yet.',
      },
      type: NAME,
    }),
    response: answers(page('rollcall.events/1', the('Event'), { type: ['integer', 'null'] })),
  };
  scope.get('/tenants/:tenant/events', { schema }, async (request, reply) => {
    const { tenant } = request.params as { tenant: string };
    const listing = await eventsOrWait(context, tenant, request.query as Query, reply);
    return { format: 'rollcall.events/1', ...listing };
  });
}

async function eventsOrWait(
  { rollcall, watch, drain }: V1Context,
  tenant: string,
  { wait, ...request }: Query,
  reply: FastifyReply,
): Promise<Listing<EventDocument>> {
  const door = await rollcall.reading(tenant);
  const enough = new AbortController();
  const stop = (): void => {
    enough.abort();
  };
  const timer = setTimeout(stop, wait * 1_000);
  drain.signal.addEventListener('abort', stop);
  reply.raw.once('close', stop);
  if (wait === 0 || drain.isDraining) stop();
  try {
    for (;;) {
      // Asked for before the list: what is written between the two ends the wait at once.
      const head = (await rollcall.eventHeads([tenant])).get(tenant) ?? 0;
      const listing = await door.events(request);
      if (listing.items.length > 0 || enough.signal.aborted) return listing;
      const hasWaited = await watch.wait(tenant, Math.max(head, request.after), enough.signal);
      if (!hasWaited) return listing;
    }
  } finally {
    clearTimeout(timer);
    drain.signal.removeEventListener('abort', stop);
    reply.raw.off('close', stop);
  }
}
