import { Refused, type Answer, type ScimClient } from '../http/scim-client.js';
import { isObject, type JsonObject } from '../scim/json.js';
import { PATCH_OP } from '../scim/urns.js';

/** The two kinds of resources, as their endpoints are called. */
export type ResourceName = 'Users' | 'Groups';

export interface Listing {
  readonly totalResults: number;
  readonly resources: readonly JsonObject[];
}

/**
 * Reads one page of a list.
 *
 * @throws {Refused} for an answer that is no ListResponse with an integer `totalResults`.
 */
export async function list(
  client: ScimClient,
  resource: ResourceName,
  query: Readonly<Record<string, string>>,
  options: { readonly toleratesNotFound?: boolean } = {},
): Promise<Listing> {
  const answer = await client.request('GET', `/${resource}`, { query }, options.toleratesNotFound ? [404] : []);
  if (answer.status === 404) return { totalResults: 0, resources: [] };
  const body = isObject(answer.body) ? answer.body : {};
  if (!Number.isInteger(body.totalResults))
    throw new Refused(`GET /${resource}: totalResults is no integer`, answer.status);
  const totalResults = Number(body.totalResults);
  const resources = Array.isArray(body.Resources) ? body.Resources.filter(isObject) : [];
  return { totalResults, resources };
}

/** The first match of a filter, as providers take it. */
export async function findFirst(
  client: ScimClient,
  resource: ResourceName,
  query: Readonly<Record<string, string>>,
  options: { readonly toleratesNotFound?: boolean } = {},
): Promise<JsonObject | null> {
  const { resources } = await list(client, resource, query, options);
  return resources[0] ?? null;
}

/** Reads one resource. */
export async function read(
  client: ScimClient,
  resource: ResourceName,
  id: string,
  query: Readonly<Record<string, string>> = {},
): Promise<JsonObject> {
  const answer = await client.request('GET', at(resource, id), { query });
  if (!isObject(answer.body)) throw new Refused(`GET /${resource}/${id}: no resource in the answer`, answer.status);
  return answer.body;
}

/** Reads one resource, or null where the server does not know the id. */
export async function readIfThere(
  client: ScimClient,
  resource: ResourceName,
  id: string,
  query: Readonly<Record<string, string>> = {},
): Promise<JsonObject | null> {
  const answer = await client.request('GET', at(resource, id), { query }, [404]);
  return answer.status === 404 || !isObject(answer.body) ? null : answer.body;
}

/**
 * Creates a resource. A 409 means that one is there already, perhaps from an attempt whose answer was lost: then `find`
 * looks for it.
 *
 * @returns the id, and the resource that was there already.
 */
export async function create(
  client: ScimClient,
  resource: ResourceName,
  body: JsonObject,
  find: () => Promise<JsonObject | null>,
): Promise<{ id: string; found: JsonObject | null }> {
  const answer = await client.request('POST', `/${resource}`, { body }, [409]);
  if (answer.status !== 409) return { id: idOf(answer.body, `POST /${resource}`, answer), found: null };
  const found = await find();
  if (found === null) throw new Refused(`POST /${resource}: 409, and no such resource is found`, 409);
  return { id: idOf(found, `GET /${resource}`, answer), found };
}

export function idOf(resource: unknown, what: string, answer: Pick<Answer, 'status'> = { status: 200 }): string {
  const id = isObject(resource) ? resource.id : undefined;
  if (typeof id !== 'string' || id === '') throw new Refused(`${what}: the answer names no id`, answer.status);
  return id;
}

/** Deletes; one that is gone already is as good. */
export async function remove(client: ScimClient, resource: ResourceName, id: string): Promise<void> {
  await client.request('DELETE', at(resource, id), {}, [404]);
}

export function at(resource: ResourceName, id: string): string {
  return `/${resource}/${encodeURIComponent(id)}`;
}

export function patchOf(...operations: JsonObject[]): JsonObject {
  return { schemas: [PATCH_OP], Operations: operations };
}

/** A value in a filter: quotes and backslashes are escaped as in JSON (RFC 7644 section 3.4.2.2). */
export function quoted(value: string): string {
  return JSON.stringify(value);
}

/** The id that the server gave, which a step needs. */
export function known(id: string | null, what: string): string {
  if (id === null) throw new Refused(`${what} was never created, so nothing is sent`, 0);
  return id;
}
