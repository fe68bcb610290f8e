import type { JsonObject } from '@rollcall/connector-kit';
import { indexKey, keysOf } from '../filter/lookups.js';
import { readBody } from '../http/read-body.js';
import type { Answer } from '../http/respond.js';
import { isActive, resourceFromBody } from '../resource/from-body.js';
import { own, sameJson } from '../resource/json.js';
import type { ScimUnit, StoredResource } from '../store.js';
import { conflict, demandProjection, showing, textOf, type Exchange } from './exchange.js';
import { updateUser } from './write-user.js';

/** A create that comes again within this time, word by word, is a client that did not hear the first answer. */
const REPLAY_MS = 10 * 60 * 1000;

/**
 * POST /Users. Somebody deleted comes back with a new id that follows the old one; somebody inactive becomes active again
 * under the same id, unless the directory is strict.
 *
 * @throws ScimError 409 `uniqueness`.
 */
export async function createUser(exchange: Exchange): Promise<Answer> {
  demandProjection(exchange);
  const body = readBody(exchange.request, exchange.context.limits);
  const { resource } = resourceFromBody(exchange.type, body);
  if (own(resource, 'active') === undefined) resource.active = true;
  const stored = await exchange.store.write((unit) => create(exchange, unit, resource));
  return showing(exchange, stored, 201);
}

async function create(exchange: Exchange, unit: ScimUnit, resource: JsonObject): Promise<StoredResource> {
  const userName = textOf(resource, 'userName') ?? '';
  const externalId = textOf(resource, 'externalId');
  const [byName] = await unit.find('user', indexKey('userName', userName));
  const [byExternalId] = externalId === undefined ? [] : await unit.find('user', indexKey('externalId', externalId));
  if (byName !== undefined && (byExternalId === undefined || byExternalId.id === byName.id)) {
    return meet(exchange, unit, { other: byName, resource });
  }
  if (byExternalId !== undefined) {
    throw conflict(exchange, { attribute: 'externalId', value: externalId ?? '', other: byExternalId });
  }
  return insert(exchange, unit, resource);
}

/** Somebody visible has the name already. */
async function meet(
  exchange: Exchange,
  unit: ScimUnit,
  { other, resource }: { other: StoredResource; resource: JsonObject },
): Promise<StoredResource> {
  const { context } = exchange;
  const mayReturn = context.settings.conflicts === 'reactivate' && !isActive(other.resource);
  if (!mayReturn || contradicts(other.resource, resource)) {
    if (isReplay(exchange, other, resource)) context.report({ note: 'replay', kind: 'user', id: other.id });
    throw conflict(exchange, { attribute: 'userName', value: textOf(resource, 'userName') ?? '', other });
  }
  const externalId = textOf(other.resource, 'externalId');
  const kept = externalId === undefined ? resource : { externalId, ...resource };
  context.report({ note: 'reactivated', id: other.id });
  return updateUser(exchange, unit, { stored: other, resource: kept });
}

function contradicts(a: JsonObject, b: JsonObject): boolean {
  const [one, other] = [textOf(a, 'externalId'), textOf(b, 'externalId')];
  return one !== undefined && other !== undefined && one !== other;
}

function isReplay({ context }: Exchange, other: StoredResource, resource: JsonObject): boolean {
  const age = context.now().getTime() - other.created.getTime();
  const isSame = textOf(resource, 'externalId') !== undefined && sameJson(other.resource, resource);
  return isSame && age <= REPLAY_MS;
}

async function insert(exchange: Exchange, unit: ScimUnit, resource: JsonObject): Promise<StoredResource> {
  const { context } = exchange;
  const { former, reused } = await findFormer(unit, resource);
  const id = context.newId();
  const stored = await unit.insert({
    kind: 'user',
    id,
    resource,
    keys: keysOf(resource),
    at: context.now(),
    cause: former === undefined ? 'scim.created' : 'scim.recreated',
    formerId: former?.id ?? null,
  });
  if (former !== undefined) context.report({ note: 'recreated', id, formerId: former.id });
  else if (reused !== undefined) context.report({ note: 'identifierReused', id, formerId: reused.id });
  return stored;
}

/** The tombstone of the same person: by external id, else by name where no external id speaks against it. */
async function findFormer(
  unit: ScimUnit,
  resource: JsonObject,
): Promise<{ former?: StoredResource | undefined; reused?: StoredResource | undefined }> {
  const externalId = textOf(resource, 'externalId');
  const byExternalId =
    externalId === undefined ? [] : await unit.findTombstones('user', indexKey('externalId', externalId));
  if (byExternalId.length > 0) return { former: byExternalId[0] };
  const byName = await unit.findTombstones('user', indexKey('userName', textOf(resource, 'userName') ?? ''));
  return { former: byName.find((one) => !contradicts(one.resource, resource)), reused: byName[0] };
}
