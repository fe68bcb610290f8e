import type { FastifyInstance, HTTPMethods } from 'fastify';
import { limitPerKey } from '../access/rate-limits.js';
import type { Surface, SurfaceContext } from '../options.js';
import { sendWorkosError, WorkosError } from './answers.js';
import { addDirectories } from './directories.js';
import { addEvents } from './events.js';
import { addGroups } from './groups.js';
import { addUsers } from './users.js';

const METHODS: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** What stands here, with the methods that it takes. */
const SERVED: Readonly<Record<string, readonly HTTPMethods[]>> = {
  '/directories': ['GET'],
  '/directories/:id': ['GET', 'DELETE'],
  '/directory_users': ['GET'],
  '/directory_users/:id': ['GET'],
  '/directory_groups': ['GET'],
  '/directory_groups/:id': ['GET'],
  '/events': ['GET'],
  // What the SDK asks beside directories: it reads an answer only where it is JSON.
  '/organizations': [],
  '/organizations/*': [],
  '/portal/*': [],
};

/**
 * The API that programs written for WorkOS Directory Sync speak, at the root: their SDK drops the path of its address.
 * Only reading; a key needs the right `read`. Bodies are not read, errors are WorkOS's.
 */
export function workosSurface(): Surface {
  return {
    name: 'workos',
    prefix: '',
    routes: (scope, context) => {
      install(scope, context);
      addDirectories(scope, context);
      addUsers(scope, context);
      addGroups(scope, context);
      addEvents(scope, context);
      for (const [url, methods] of Object.entries(SERVED)) refuseOthers(scope, url, methods);
    },
  };
}

function install(scope: FastifyInstance, context: SurfaceContext): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => {
    done(null, undefined);
  });
  scope.setErrorHandler((error, request, reply) => sendWorkosError(request, reply, error));
  scope.addHook('onRequest', context.requireKey('read'));
  limitPerKey(scope, context.limits);
}

function refuseOthers(scope: FastifyInstance, url: string, methods: readonly HTTPMethods[]): void {
  scope.route({
    method: METHODS.filter((method) => !methods.includes(method)),
    url,
    schema: { hide: true },
    exposeHeadRoute: false,
    handler: () => {
      throw methods.length === 0 ? notServed() : methodNotAllowed(methods);
    },
  });
}

function notServed(): WorkosError {
  return new WorkosError(404, {
    code: 'not_served_by_rollcall',
    message: 'Rollcall serves Directory Sync and its events. Organizations are the tenants of its project.',
  });
}

function methodNotAllowed(methods: readonly HTTPMethods[]): WorkosError {
  const allow = methods.join(', ');
  return new WorkosError(
    405,
    { code: 'method_not_allowed', message: `This address takes ${allow}. Rollcall is read through this API.` },
    { allow },
  );
}
