import { hkdfSync, randomUUID } from 'node:crypto';
import type { PushedDirectory } from '@rollcall/core';
import { handleScim, readSettings, ScimError, type ScimContext, type ScimNote } from '@rollcall/connector-scim';
import type { FastifyInstance, FastifyRequest, HTTPMethods } from 'fastify';
import { failureLimit, limitPerDirectory } from '../access/rate-limits.js';
import type { Surface, SurfaceContext } from '../options.js';
import { enterDirectory, noSuchDirectory } from './access.js';
import { SCIM_PREFIX, sendScim, sendScimError } from './answers.js';
import { inScimsWords } from './store.js';

const METHODS: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** Deepest nesting of a body. */
const DEPTH = 64;
const NO_BODY = new Uint8Array();

/** What SCIM needs beside the surface's context. */
export interface ScimParts {
  /** The project's key: cursors are signed with a key derived from it. */
  secretKey: Buffer;
  /** Where clients reach the service, without a slash at the end; as the request says when left out. */
  publicUrl: string | undefined;
}

/** SCIM 2.0 at `/scim/v2/{directory}`: the protocol of the connector `scim` over the stores of core. */
export function scimSurface(parts: ScimParts): Surface {
  const cursorKey = new Uint8Array(hkdfSync('sha256', parts.secretKey, '', 'rollcall scim cursor', 32));
  return {
    name: 'scim',
    prefix: SCIM_PREFIX,
    routes: (scope, context) => {
      install(scope, context);
      const respond = async (request: FastifyRequest): ReturnType<typeof handleScim> => {
        const directory = request.pushedDirectory;
        if (directory === null) throw noSuchDirectory();
        const surroundings = { context, cursorKey, publicUrl: parts.publicUrl };
        return handleScim(
          { method: request.method, ...placeOf(request), headers: headersOf(request), body: bodyOf(request) },
          inScimsWords(directory.store),
          contextOf(request, directory, surroundings),
        );
      };
      for (const url of ['/:directory', '/:directory/*'])
        scope.route({
          method: METHODS,
          url,
          exposeHeadRoute: false,
          schema: { hide: true },
          bodyLimit: context.limits.scimBodyBytes,
          handler: async (request, reply) => sendScim(reply, await respond(request)),
        });
    },
  };
}

/** Bodies as bytes, errors in SCIM's form, and nobody without a token of the directory. */
function install(scope: FastifyInstance, { rollcall, limits }: SurfaceContext): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: limits.scimBodyBytes }, (_request, body, done) => {
    done(null, body);
  });
  scope.setErrorHandler((error, request, reply) => sendScimError(request, reply, error));
  scope.setNotFoundHandler((request, reply) => sendScimError(request, reply, noSuchDirectory()));
  scope.decorateRequest('pushedDirectory', null);
  const failures = failureLimit(scope, limits);
  const limit = limitPerDirectory(scope, limits);
  scope.addHook('onRequest', async (request) => {
    if (request.is404) return;
    const directory = await enterDirectory(rollcall, request, failures);
    if (directory.connector !== 'scim') throw noSuchDirectory();
    request.pushedDirectory = directory;
    await limit(request);
  });
}

/** The path behind the directory, and the query, as they came. */
function placeOf(request: FastifyRequest): { path: string; query: string } {
  const [address = '', ...rest] = request.url.split('?');
  const end = address.indexOf('/', SCIM_PREFIX.length + 1);
  return { path: end === -1 ? '' : address.slice(end), query: rest.join('?') };
}

function headersOf({ headers }: FastifyRequest): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}

function bodyOf({ body }: FastifyRequest): Uint8Array {
  return body instanceof Uint8Array ? body : NO_BODY;
}

function contextOf(
  request: FastifyRequest,
  { id, settings, now }: PushedDirectory,
  { context, cursorKey, publicUrl }: { context: SurfaceContext; cursorKey: Uint8Array; publicUrl: string | undefined },
): ScimContext {
  const origin = publicUrl ?? `${request.protocol}://${request.host}`;
  return {
    baseUrl: `${origin}${SCIM_PREFIX}/${id}`,
    settings: readSettings(settings),
    limits: { bodyBytes: context.limits.scimBodyBytes, depth: DEPTH },
    cursorKey,
    now,
    newId: () => randomUUID(),
    report: (note) => {
      tell(request, id, note);
    },
  };
}

/** Notes hold ids and names of attributes, no values; an error of ours may hold anything, and loses its words. */
function tell(request: FastifyRequest, directory: string, note: ScimNote): void {
  if (note.note !== 'failure') request.log.info({ directory, ...note }, 'scim');
  else if (!(note.error instanceof ScimError)) request.log.error({ directory, err: note.error }, 'request failed');
}
