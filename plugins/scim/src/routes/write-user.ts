import type { JsonObject } from '@rollcall/connector-kit';
import { indexKey, keysOf } from '../filter/lookups.js';
import { isActive } from '../resource/from-body.js';
import { sameJson } from '../resource/json.js';
import type { ScimUnit, StoredResource, WriteCause } from '../store.js';
import { conflict, textOf, type Exchange } from './exchange.js';

const UNIQUE = ['userName', 'externalId'] as const;

/** Refuses a name or external id that another visible user has. */
export async function demandUniqueUser(
  exchange: Exchange,
  unit: ScimUnit,
  { id, resource, before }: { id: string; resource: JsonObject; before: JsonObject },
): Promise<void> {
  for (const attribute of UNIQUE) {
    const value = textOf(resource, attribute);
    if (value === undefined || value === textOf(before, attribute)) continue;
    const other = (await unit.find('user', indexKey(attribute, value))).find((one) => one.id !== id);
    if (other !== undefined) throw conflict(exchange, { attribute, value, other });
  }
}

/** Writes what has changed; the same content again changes nothing, not even the version. */
export async function updateUser(
  { context }: Exchange,
  unit: ScimUnit,
  { stored, resource }: { stored: StoredResource; resource: JsonObject },
): Promise<StoredResource> {
  if (sameJson(stored.resource, resource)) return stored;
  const cause = causeOf(stored.resource, resource);
  return unit.update({ kind: 'user', id: stored.id, resource, keys: keysOf(resource), at: context.now(), cause });
}

function causeOf(before: JsonObject, now: JsonObject): WriteCause {
  if (isActive(before) === isActive(now)) return 'scim.updated';
  return isActive(now) ? 'scim.reactivated' : 'scim.deactivated';
}
