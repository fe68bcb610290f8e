import type { FastifyInstance } from 'fastify';
import { limitPerKey } from '../access/rate-limits.js';
import type { V1Context } from './context.js';
import { addDocuments } from './documents.js';
import { addEvents } from './events.js';
import { addLists } from './lists.js';

/** The native API for reading: every route needs the right `read`, and a key that is good for the tenant it names. */
export function addV1(app: FastifyInstance, context: V1Context): void {
  void app.register(
    (scope: FastifyInstance, _options: object, done: () => void) => {
      scope.addHook('onRequest', context.requireKey('read'));
      limitPerKey(scope, context.limits);
      addDocuments(scope, context);
      addLists(scope, context);
      addEvents(scope, context);
      done();
    },
    { prefix: '/v1' },
  );
}
