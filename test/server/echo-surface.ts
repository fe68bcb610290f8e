import { takeJsonBodies, type Surface } from '@rollcall/server';

/** A surface that answers with what it was sent, counts what reached it, and fails when it is asked to. */
export function echoSurface(): { surface: Surface; reached: () => number } {
  let count = 0;
  const surface: Surface = {
    name: 'echo',
    prefix: '/echo',
    routes(scope) {
      takeJsonBodies(scope, ['application/test+json']);
      scope.route({
        method: ['POST', 'PUT'],
        url: '/body',
        handler: (request) => {
          count += 1;
          return { got: request.body ?? null };
        },
      });
      scope.get('/fail', () => {
        count += 1;
        throw new Error('SELECT * FROM "user" WHERE name = \'CANARY-Ada\' failed in /srv/canary/file.js');
      });
      scope.get('/slow', { handlerTimeout: 50 }, () => new Promise(() => undefined));
    },
  };
  return { surface, reached: () => count };
}
