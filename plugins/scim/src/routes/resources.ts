import type { JsonObject } from '@rollcall/connector-kit';
import { badRequest } from '../errors.js';
import { parametersFrom, readQuery, type ListParameters } from '../http/query.js';
import { readBody } from '../http/read-body.js';
import type { ScimContext, ScimRequest } from '../http/request.js';
import type { Answer } from '../http/respond.js';
import { listResources } from '../listing/list.js';
import { ownFolded } from '../resource/json.js';
import type { ResourceType } from '../schema/resource-types.js';
import type { ScimStore } from '../store.js';
import { demandVersion, headersOf, isListed, readVisible, showing, type Exchange } from './exchange.js';

/** GET of one resource; 304 when the client has this version (RFC 7644 section 3.14). */
export async function readResource(exchange: Exchange, id: string): Promise<Answer> {
  const { request, store, context, type } = exchange;
  const stored = await readVisible(store, type.kind, id);
  const seen = request.headers['if-none-match'];
  if (seen !== undefined && isListed(seen, stored.version)) return { status: 304, headers: headersOf(stored, context) };
  return showing(exchange, stored, 200);
}

/** DELETE: a tombstone for ever, 404 from now on. */
export async function deleteResource(exchange: Exchange, id: string): Promise<Answer> {
  const { store, context, type } = exchange;
  await store.write(async (unit) => {
    demandVersion(exchange, await readVisible(unit, type.kind, id));
    await unit.bury(type.kind, id, context.now());
  });
  return { status: 204 };
}

/** What lists of one or several types are answered from. */
export interface ListExchange {
  readonly request: ScimRequest;
  readonly store: ScimStore;
  readonly context: ScimContext;
  readonly types: readonly ResourceType[];
}

/** GET of a list. */
export async function listByQuery(exchange: ListExchange): Promise<Answer> {
  return { status: 200, document: await listResources(exchange, readQuery(exchange.request.query)) };
}

/** POST to `.search`: the same questions in a body (RFC 7644 section 3.4.3). */
export async function listBySearch(exchange: ListExchange): Promise<Answer> {
  const body = readBody(exchange.request, exchange.context.limits);
  return { status: 200, document: await listResources(exchange, readSearch(body)) };
}

function readSearch(body: JsonObject): ListParameters {
  return parametersFrom((name) => {
    const value = ownFolded(body, name);
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value;
    if (typeof value === 'number' && Number.isInteger(value)) return String(value);
    if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(',');
    throw badRequest('invalidSyntax', `"${name}" has a value of the wrong kind.`);
  });
}
