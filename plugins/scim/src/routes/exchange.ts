import type { JsonObject, RecordKind } from '@rollcall/connector-kit';
import { ScimError, shown } from '../errors.js';
import { readQuery } from '../http/query.js';
import type { ScimContext, ScimRequest } from '../http/request.js';
import type { Answer } from '../http/respond.js';
import { showAll } from '../listing/views.js';
import { readProjection } from '../resource/projection.js';
import { entityTag, locationOf } from '../resource/render.js';
import type { ResourceType } from '../schema/resource-types.js';
import type { ScimReading, ScimStore, StoredResource } from '../store.js';

/** One request about resources of one type, with all that answers it. */
export interface Exchange {
  readonly request: ScimRequest;
  readonly store: ScimStore;
  readonly context: ScimContext;
  readonly type: ResourceType;
}

/** Reads a visible resource. @throws ScimError 404, for a tombstone too. */
export async function readVisible(reading: ScimReading, kind: RecordKind, id: string): Promise<StoredResource> {
  const stored = await reading.read(kind, id);
  if (stored?.goneAt === null) return stored;
  throw new ScimError(404, `There is no ${kind} ${shown(id)} in this directory.`);
}

/** Refuses a write to another version than the client has seen (RFC 7644 section 3.14). A client need not say any. */
export function demandVersion({ request }: Exchange, stored: StoredResource): void {
  const wanted = request.headers['if-match'];
  if (wanted === undefined || isListed(wanted, stored.version)) return;
  throw new ScimError(412, `The resource has changed; its version is now ${entityTag(stored.version)}. Read it again.`);
}

/** True when a header with entity tags lists this version or any. */
export function isListed(header: string, version: number): boolean {
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//i, ''));
  return tags.includes('*') || tags.includes(`"${version}"`);
}

/** The answer that shows a resource. */
export async function showing(
  { request, store, context, type }: Exchange,
  stored: StoredResource,
  status: number,
): Promise<Answer> {
  const projection = readProjection(readQuery(request.query), type);
  const [document] = await showAll(store, [stored], { projection, baseUrl: context.baseUrl });
  return { status, headers: headersOf(stored, context), document: document ?? {} };
}

/** `Location` and `ETag` of a resource. */
export function headersOf(stored: StoredResource, { baseUrl }: ScimContext): Record<string, string> {
  return { Location: locationOf(stored, baseUrl), ETag: entityTag(stored.version) };
}

/** Checks the projection before anything is written, so that a wrong one changes nothing. */
export function demandProjection({ request, type }: Exchange): { isGiven: boolean } {
  return { isGiven: readProjection(readQuery(request.query), type).mode !== 'all' };
}

/** A 409 (RFC 7644 section 3.3), which is also somebody's to see. */
export function conflict(
  { context, type }: Exchange,
  { attribute, value, other }: { attribute: string; value: string; other: StoredResource },
): ScimError {
  context.report({ note: 'conflict', kind: type.kind, id: other.id, attribute });
  return new ScimError(
    409,
    `${attribute} ${shown(value)} is already used by another ${type.kind} of this directory. Change it, or remove the other one.`,
    { scimType: 'uniqueness' },
  );
}

/** The text of an attribute that is one. */
export function textOf(resource: JsonObject, name: string): string | undefined {
  const value = Object.hasOwn(resource, name) ? resource[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
