import type { Json, JsonObject } from '@rollcall/connector-kit';
import { badRequest, ScimError, shown } from '../errors.js';
import type { SelectingPath } from '../filter/ast.js';
import { parsePath } from '../filter/parse.js';
import { isObject, keyOf } from '../resource/json.js';
import { extensionOf, isCoreUrn, resolveAttribute, type Target } from '../schema/resolve.js';
import type { ResourceType } from '../schema/resource-types.js';
import { currentUrn } from '../schema/urns.js';
import { memberSteps, type MemberStep } from './member-steps.js';
import type { Operation } from './operations.js';
import { setAttribute } from './set-attribute.js';

/** What a PATCH makes of a resource. */
export interface Patched {
  /** A new object; the given one is as it was. */
  readonly resource: JsonObject;
  /** What happens to the members of a group, in order; empty when no operation names them. */
  readonly members: readonly MemberStep[];
}

/** A resource under change. */
interface Draft {
  readonly type: ResourceType;
  readonly id: string | undefined;
  readonly resource: JsonObject;
  readonly members: MemberStep[];
  /** How many attributes were written. */
  written: number;
  /** How many of them selected elements by a filter. */
  selected: number;
}

/** Most attributes that one request writes; members are none. */
export const MOST_CHANGES = 1000;
/** Most of them that select elements by a filter, which runs over each. */
export const MOST_ELEMENT_SELECTIONS = 100;
/** Most operations of a request that look through all members of a group. */
export const MOST_SELECTIONS = 10;

/**
 * Applies operations in order to a copy: all of them, or an error and nothing (RFC 7644 section 3.5.2).
 *
 * @param id - the id of the resource, which some clients repeat in the value; undefined for a resource that is being made.
 * @throws ScimError 400.
 */
export function applyOperations(
  type: ResourceType,
  current: { id: string | undefined; resource: JsonObject },
  operations: readonly Operation[],
): Patched {
  const draft: Draft = {
    type,
    id: current.id,
    resource: structuredClone(current.resource),
    members: [],
    written: 0,
    selected: 0,
  };
  for (const operation of operations) {
    if (operation.path === undefined) applyAll(draft, operation);
    else applyAt(draft, operation, parsePath(operation.path));
  }
  return { resource: draft.resource, members: draft.members };
}

/** An operation without a path: each key of its value is one (plain, dotted, with a URN, with a filter, or a whole extension). */
function applyAll(draft: Draft, operation: Operation): void {
  if (!isObject(operation.value)) return;
  for (const [key, value] of Object.entries(operation.value)) {
    if (isSaidByTheServer(draft, key, value)) continue;
    applyAt(draft, { ...operation, value }, pathOfKey(key));
  }
}

/** What clients send back as they got it: ignored, but for an id that is not that of the resource. */
function isSaidByTheServer({ type, id }: Draft, key: string, value: Json): boolean {
  switch (key.toLowerCase()) {
    case 'schemas':
    case 'meta':
      return true;
    case 'groups':
      return type.kind === 'user';
    case 'id':
      if (id !== undefined && value !== null && value !== id) {
        throw badRequest('mutability', `"id" cannot be changed; this resource is ${shown(id)}.`);
      }
      return true;
    default:
      return false;
  }
}

function pathOfKey(key: string): SelectingPath {
  try {
    return parsePath(key);
  } catch (error) {
    // A key that is no path is the name of an attribute of the customer's own.
    if (error instanceof ScimError && !/[[\]()"]/.test(key) && key !== '__proto__') return { name: key };
    throw error;
  }
}

function applyAt(draft: Draft, operation: Operation, path: SelectingPath): void {
  const whole = wholeExtension(draft, operation, path);
  if (whole !== undefined) {
    applyExtension(draft, operation, whole);
    return;
  }
  const target = resolveAttribute(draft.type, path);
  demandChangeable(target, operation);
  if (target.definition?.mutability === 'writeOnly') return;
  if (target.definition?.name === 'members' && draft.type.kind === 'group') {
    for (const step of memberSteps(operation, path)) draft.members.push(step);
    demandFewSelections(draft);
    return;
  }
  write(draft, target, { operation, where: path.where });
}

function write(draft: Draft, target: Target, change: Parameters<typeof setAttribute>[2]): void {
  draft.written += 1;
  if (draft.written > MOST_CHANGES) {
    throw badRequest('invalidSyntax', `One request writes at most ${MOST_CHANGES} attributes.`);
  }
  if (change.where !== undefined) draft.selected += 1;
  if (draft.selected > MOST_ELEMENT_SELECTIONS) {
    throw badRequest('invalidSyntax', `One request selects elements at most ${MOST_ELEMENT_SELECTIONS} times.`);
  }
  setAttribute(draft.resource, target, change);
}

function demandFewSelections({ members }: Draft): void {
  if (members.at(-1)?.kind !== 'removeWhere') return;
  if (members.filter(({ kind }) => kind === 'removeWhere').length <= MOST_SELECTIONS) return;
  throw badRequest('invalidSyntax', `At most ${MOST_SELECTIONS} operations select members by more than their ids.`);
}

/** The URN when a whole extension is meant. */
function wholeExtension(draft: Draft, operation: Operation, path: SelectingPath): string | undefined {
  if (path.schema === undefined) return undefined;
  if (path.name === undefined) return path.schema;
  const isKnown = isCoreUrn(draft.type, path.schema) || extensionOf(draft.type, path.schema) !== undefined;
  if (isKnown || path.sub !== undefined || path.where !== undefined) return undefined;
  return isWholeUnknown(draft, operation, { urn: path.schema, name: path.name })
    ? `${path.schema}:${path.name}`
    : undefined;
}

/** Of a URN that is not known the last part may be its own or an attribute: what is there, its form and the value tell. */
function isWholeUnknown(
  { resource }: Draft,
  { op, value }: Operation,
  { urn, name }: { urn: string; name: string },
): boolean {
  if (keyOf(resource, `${urn}:${name}`) !== undefined) return true;
  if (keyOf(resource, urn) !== undefined || /:(?:user|group)$/i.test(urn)) return false;
  return op !== 'remove' && isObject(value);
}

function applyExtension(draft: Draft, operation: Operation, urn: string): void {
  const { op, value } = operation;
  const name = ownUrn(draft.type, urn);
  if (op === 'remove' || value === null || value === '') {
    if (name === draft.type.schema.id) throw badRequest('mutability', 'The core schema cannot be removed.');
    Reflect.deleteProperty(draft.resource, keyOf(draft.resource, name) ?? name);
    return;
  }
  if (!isObject(value)) throw badRequest('invalidValue', `The value of ${shown(urn)} must be an object of attributes.`);
  const isKnown = name === draft.type.schema.id || extensionOf(draft.type, name) !== undefined;
  for (const [key, inner] of Object.entries(value)) {
    const change = { ...operation, value: inner };
    if (isKnown) applyAt(draft, change, { schema: name, ...pathOfKey(key) });
    else write(draft, rawTarget(name, key), { operation: change, where: undefined });
  }
}

/** An attribute of an extension that is not known: its name is no path, and stays as sent. */
function rawTarget(extension: string, name: string): Target {
  return { extension, name, definition: undefined, sub: undefined, subDefinition: undefined };
}

function ownUrn(type: ResourceType, urn: string): string {
  if (isCoreUrn(type, urn)) return type.schema.id;
  return extensionOf(type, urn)?.id ?? currentUrn(urn);
}

function demandChangeable({ definition, name }: Target, { op }: Operation): void {
  if (definition?.mutability === 'readOnly') {
    throw badRequest('mutability', `"${definition.name}" is kept by the service provider and cannot be changed.`);
  }
  if (op !== 'remove') return;
  if (definition?.required === true || name === 'active') {
    throw badRequest('mutability', `"${name ?? ''}" cannot be removed.`);
  }
}
