import type { PushedDirectory, Rollcall } from '@rollcall/core';
import { ScimError } from '@rollcall/connector-scim';
import type { FastifyRequest } from 'fastify';
import type { FailureLimit } from '../access/api-key.js';
import { directoryClosed } from './store.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The directory that the presented token is good for; null where none was asked for. */
    pushedDirectory: PushedDirectory | null;
  }
}

/** `Bearer x` in any letters, or a bare `x`: Okta sends whatever the administrator typed. Other schemes are refused. */
const AUTHORIZATION = /^(?:Bearer +)?([\w-]+) *$/i;

/**
 * Lets in who presents a token of the directory that the path names: 401 without a good one, 404 for another directory's,
 * 403 while the directory takes nothing.
 *
 * @throws {ScimError}
 */
export async function enterDirectory(
  { pushes }: Pick<Rollcall, 'pushes'>,
  request: FastifyRequest,
  failures: FailureLimit,
): Promise<PushedDirectory> {
  await failures.refuseIfExceeded(request);
  const token = AUTHORIZATION.exec(request.headers.authorization ?? '')?.[1];
  const { directory } = request.params as { directory: string };
  const entry = token === undefined ? null : await pushes.enter(directory, token);
  if (entry?.admitted === true) return entry.directory;
  if (entry?.because === 'closed') throw directoryClosed();
  await failures.count(request);
  throw entry?.because === 'elsewhere' ? noSuchDirectory() : tokenRefused();
}

/** The same for a directory of somebody else and for one that is not there: ids do not leak. */
export function noSuchDirectory(): ScimError {
  return new ScimError(404, 'There is no such directory. Check the base URL.');
}

function tokenRefused(): ScimError {
  return new ScimError(401, 'The token is missing, wrong or no longer good. Enter the token of this directory.', {
    headers: { 'WWW-Authenticate': 'Bearer realm="rollcall"' },
  });
}
