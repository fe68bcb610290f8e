import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ObjectListing } from '@rollcall/core';
import { problemOfAny } from '../http/error-handler.js';
import type { ProblemParts } from '../http/problem.js';

/** What was refused of a request: the SDK shows the codes alone, so each says by itself what is wrong. */
export interface FieldError {
  field: string;
  code: string;
}

/** The body of an error. 400 needs `code` and `errors`, and no key `error`: else the SDK takes it for another one. */
export interface ErrorBody {
  code?: string;
  message: string;
  entity_id?: string;
  errors?: readonly FieldError[];
}

/** An error in WorkOS's form. */
export class WorkosError extends Error {
  constructor(
    readonly status: number,
    readonly body: ErrorBody,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(body.message);
    this.name = 'WorkosError';
  }
}

/** One and the same for an object that is not there and for one that the key is not good for. */
export function entityNotFound(kind: string, id: string): WorkosError {
  return new WorkosError(404, { code: 'entity_not_found', message: `${kind} not found: '${id}'.`, entity_id: id });
}

/** Parameters that cannot be meant. */
export function invalidParameters(errors: readonly FieldError[], status: 400 | 422 = 422): WorkosError {
  return new WorkosError(status, { code: 'invalid_request_parameters', message: 'Validation failed.', errors });
}

/** First parts of the paths that stand here. */
const FIRST_PARTS = new Set([
  'directories',
  'directory_users',
  'directory_groups',
  'events',
  'organizations',
  'portal',
]);

/** True for a request that expects WorkOS's own form of errors. */
export function isWorkos({ url }: Pick<FastifyRequest, 'url'>): boolean {
  return FIRST_PARTS.has(/^\/(\w+)/.exec(url)?.[1] ?? '');
}

/** The SDK reads a body only where the type says `application/json`. */
const JSON_TYPE = 'application/json; charset=utf-8';

/** Any error in WorkOS's form, whoever threw it: the framework, a limit, the access check. */
export function sendWorkosError(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const { status, body, headers } = error instanceof WorkosError ? error : translate(error);
  if (status >= 500) request.log.error({ err: error, code: body.code }, 'request failed');
  return reply
    .code(status)
    .headers({ ...headers, 'content-type': JSON_TYPE, 'cache-control': 'no-store', 'x-request-id': request.id })
    .serializer(JSON.stringify)
    .send(body);
}

function translate(error: unknown): WorkosError {
  const parts = problemOfAny(error);
  const { status, headers = {} } = parts;
  // A newer SDK asks again by itself where it is told when.
  const after = status >= 500 ? { 'retry-after': '1', ...headers } : headers;
  return new WorkosError(status === 400 && parts.code === 'RC_CURSOR_INVALID' ? 422 : status, bodyOf(parts), after);
}

const CODES: Readonly<Record<number, string>> = { 403: 'forbidden', 429: 'rate_limited' };

function bodyOf({ status, code, detail, mend }: ProblemParts): ErrorBody {
  const message = `${detail} ${mend}`;
  if (status === 401) return { message: 'Unauthorized' };
  if (code === 'RC_CURSOR_INVALID')
    return { ...invalidParameters([{ field: 'after', code: 'cursor_names_no_object_of_this_list' }]).body };
  if (status === 400)
    return { code: 'invalid_request_parameters', message, errors: [{ field: '', code: code.toLowerCase() }] };
  return { code: CODES[status] ?? code.toLowerCase(), message };
}

/** A list as the SDK pages through it: `after` is null on the last page, `before` on the first. */
export interface ListBody<Item> {
  object: 'list';
  data: readonly Item[];
  list_metadata: { before: string | null; after: string | null };
}

/** A page of objects. */
export function listBody<Item extends { id: string }>(
  { items, hasEarlier, hasLater }: ObjectListing<Item>,
  isNormal = false,
): ListBody<Item> {
  const first = hasEarlier ? (items[0]?.id ?? null) : null;
  const last = hasLater ? (items.at(-1)?.id ?? null) : null;
  // In the order "normal" the two words change places, when asking as when answering.
  const list_metadata = isNormal ? { before: last, after: first } : { before: first, after: last };
  return { object: 'list', data: items, list_metadata };
}
