import type { JsonObject } from '@rollcall/connector-kit';
import { indexKey, keysOf } from '../filter/lookups.js';
import { readBody } from '../http/read-body.js';
import type { Answer } from '../http/respond.js';
import type { MemberStep } from '../patch/member-steps.js';
import { resourceFromBody } from '../resource/from-body.js';
import { sameJson } from '../resource/json.js';
import type { ScimUnit, StoredResource } from '../store.js';
import { conflict, demandProjection, showing, textOf, type Exchange } from './exchange.js';
import { applyMemberSteps } from './member-plan.js';

/** POST /Groups. @throws ScimError 409 `uniqueness`. */
export async function createGroup(exchange: Exchange): Promise<Answer> {
  demandProjection(exchange);
  const { context, store, type } = exchange;
  const { resource, members } = resourceFromBody(type, readBody(exchange.request, context.limits));
  const stored = await store.write(async (unit) => {
    const id = context.newId();
    await demandUniqueGroup(exchange, unit, { id, resource, before: {} });
    const at = context.now();
    const made = await unit.insert({
      kind: 'group',
      id,
      resource,
      keys: keysOf(resource),
      at,
      cause: 'scim.created',
      formerId: null,
    });
    await applyMemberSteps(exchange, unit, { groupId: id, steps: members });
    return made;
  });
  return showing(exchange, stored, 201);
}

/**
 * Refuses an external id that another group has, and a name that another has unless both have external ids that differ:
 * the RFC allows it, but Entra ID finds groups by their names.
 */
export async function demandUniqueGroup(
  exchange: Exchange,
  unit: ScimUnit,
  { id, resource, before }: { id: string; resource: JsonObject; before: JsonObject },
): Promise<void> {
  const externalId = textOf(resource, 'externalId');
  const displayName = textOf(resource, 'displayName') ?? '';
  const isSameId = externalId === textOf(before, 'externalId');
  if (externalId !== undefined && !isSameId) {
    const other = (await unit.find('group', indexKey('externalId', externalId))).find((one) => one.id !== id);
    if (other !== undefined) throw conflict(exchange, { attribute: 'externalId', value: externalId, other });
  }
  if (isSameId && displayName === textOf(before, 'displayName')) return;
  const other = (await unit.find('group', indexKey('displayName', displayName))).find(
    (one) => one.id !== id && (externalId === undefined || textOf(one.resource, 'externalId') === undefined),
  );
  if (other !== undefined) throw conflict(exchange, { attribute: 'displayName', value: displayName, other });
}

/** Writes what has changed of a group and of its members; nothing changed: nothing is written. */
export async function updateGroup(
  exchange: Exchange,
  unit: ScimUnit,
  { stored, resource, steps }: { stored: StoredResource; resource: JsonObject; steps: readonly MemberStep[] },
): Promise<StoredResource> {
  await demandUniqueGroup(exchange, unit, { id: stored.id, resource, before: stored.resource });
  const edges = await applyMemberSteps(exchange, unit, { groupId: stored.id, steps });
  const isSame = sameJson(stored.resource, resource);
  if (isSame && edges === 0) return stored;
  const cause = isSame ? 'scim.membersChanged' : 'scim.updated';
  const at = exchange.context.now();
  return unit.update({ kind: 'group', id: stored.id, resource, keys: keysOf(resource), at, cause });
}
