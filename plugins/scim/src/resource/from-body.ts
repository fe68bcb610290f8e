import type { JsonObject } from '@rollcall/connector-kit';
import { badRequest } from '../errors.js';
import { applyOperations, type Patched } from '../patch/apply.js';
import type { ResourceType } from '../schema/resource-types.js';
import { keyOf, own } from './json.js';

/**
 * Makes a resource of the body of a POST or PUT: each key as an operation without a path would set it, so that both read
 * the same spellings. What the server keeps (`id`, `meta`, `groups`, `schemas`) and passwords are left out.
 *
 * @throws ScimError 400.
 */
export function resourceFromBody(type: ResourceType, body: JsonObject): Patched {
  const value = Object.fromEntries(
    Object.entries(body).filter(([key, one]) => one !== null || key.toLowerCase() !== 'active'),
  );
  const made = applyOperations(type, { id: undefined, resource: {} }, [{ op: 'replace', path: undefined, value }]);
  demandRequired(type, made.resource);
  return made;
}

/** Refuses a resource without the attribute that its type requires. */
export function demandRequired(type: ResourceType, resource: JsonObject): void {
  for (const { name, required } of type.schema.attributes) {
    const value = own(resource, name);
    if (!required || (typeof value === 'string' && value.trim() !== '')) continue;
    throw badRequest('invalidValue', `A ${type.kind} needs a "${name}".`);
  }
}

/** True when a body says `null` for an attribute, which is not the same as leaving it out. */
export function saysNull(body: JsonObject, name: string): boolean {
  const key = keyOf(body, name);
  return key !== undefined && body[key] === null;
}

/** True when somebody may work; who says nothing may. */
export function isActive(resource: JsonObject): boolean {
  return own(resource, 'active') !== false;
}
