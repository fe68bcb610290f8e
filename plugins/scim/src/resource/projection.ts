import type { Json, JsonObject } from '@rollcall/connector-kit';
import { badRequest } from '../errors.js';
import type { AttributePath } from '../filter/ast.js';
import { readAttributePath } from '../filter/attribute-path.js';
import type { ListParameters } from '../http/query.js';
import { resolveAttribute, type Target } from '../schema/resolve.js';
import type { ResourceType } from '../schema/resource-types.js';
import { isObject, keyOf, own, put } from './json.js';

/** Which attributes an answer shows (RFC 7644 section 3.9). `id` and `schemas` are always shown. */
export interface Projection {
  readonly mode: 'all' | 'only' | 'without';
  readonly targets: readonly Target[];
}

/** Longest list of names. */
const LONGEST_LIST = 8192;

const ALWAYS = ['id', 'schemas'];

/**
 * Reads `attributes` and `excludedAttributes`: names with or without URN and sub-attribute, in any letters; a filter in
 * brackets is passed over; names that no schema knows match what is kept under them.
 *
 * @throws ScimError 400 `invalidValue` when both are given.
 */
export function readProjection(
  parameters: Pick<ListParameters, 'attributes' | 'excludedAttributes'>,
  type: ResourceType,
): Projection {
  const { attributes, excludedAttributes } = parameters;
  if (isGiven(attributes) && isGiven(excludedAttributes)) {
    throw badRequest('invalidValue', 'Give "attributes" or "excludedAttributes", not both.');
  }
  if (isGiven(attributes)) return { mode: 'only', targets: readTargets(attributes, type) };
  if (isGiven(excludedAttributes)) return { mode: 'without', targets: readTargets(excludedAttributes, type) };
  return { mode: 'all', targets: [] };
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== '';
}

function readTargets(text: string, type: ResourceType): Target[] {
  if (text.length > LONGEST_LIST) {
    throw badRequest('invalidValue', `A list of attributes is at most ${LONGEST_LIST} characters long.`);
  }
  return text
    .replace(/\[[^\]]*\]/g, '')
    .split(',')
    .map((name) => readAttributePath(name.trim()))
    .filter((path): path is AttributePath => path !== undefined)
    .map((path) => resolveAttribute(type, path));
}

/** True when an answer shows something of a core attribute: what it does not show need not be read. */
export function shows({ mode, targets }: Projection, name: string): boolean {
  const named = targets.filter((target) => target.extension === undefined && target.name === name);
  if (mode === 'only') return named.length > 0;
  return !named.some(({ sub }) => sub === undefined);
}

/** Leaves of a resource what the projection shows. */
export function project(resource: JsonObject, projection: Projection): JsonObject {
  if (projection.mode === 'all') return resource;
  return projection.mode === 'only' ? only(resource, projection.targets) : without(resource, projection.targets);
}

function only(resource: JsonObject, targets: readonly Target[]): JsonObject {
  const result: JsonObject = {};
  for (const name of ALWAYS) copy(resource, result, name);
  for (const target of targets) {
    if (target.extension === undefined) {
      pick(resource, result, target);
      continue;
    }
    const key = keyOf(resource, target.extension);
    const from = key === undefined ? undefined : own(resource, key);
    if (key === undefined || !isObject(from)) continue;
    const before = own(result, key);
    const to = isObject(before) ? before : {};
    if (target.name === undefined) put(result, key, from);
    else if (pick(from, to, target)) put(result, key, to);
  }
  return result;
}

function copy(from: JsonObject, to: JsonObject, name: string): boolean {
  const key = keyOf(from, name);
  const value = key === undefined ? undefined : own(from, key);
  if (key !== undefined && value !== undefined) put(to, key, value);
  return value !== undefined;
}

function pick(from: JsonObject, to: JsonObject, { name, sub }: Target): boolean {
  if (name === undefined) return false;
  if (sub === undefined) return copy(from, to, name);
  const key = keyOf(from, name);
  const value = key === undefined ? undefined : own(from, key);
  if (key === undefined || value === undefined) return false;
  put(to, key, joined(own(to, key), part(value, sub)));
  return true;
}

function part(value: Json, sub: string): Json {
  if (Array.isArray(value)) return value.map((element) => part(element, sub));
  const result: JsonObject = {};
  if (isObject(value)) copy(value, result, sub);
  return result;
}

/** Puts together what two names of one attribute picked: `name.givenName,name.familyName`. */
function joined(a: Json | undefined, b: Json): Json {
  if (a === undefined) return b;
  if (Array.isArray(a) && Array.isArray(b)) return a.map((element, i) => joined(element, b[i] ?? {}));
  return isObject(a) && isObject(b) ? { ...a, ...b } : a;
}

function without(resource: JsonObject, targets: readonly Target[]): JsonObject {
  const result = { ...resource };
  for (const target of targets) {
    if (target.extension === undefined) {
      drop(result, target);
      continue;
    }
    const key = keyOf(result, target.extension);
    const extension = key === undefined ? undefined : own(result, key);
    if (key === undefined || !isObject(extension)) continue;
    const rest = { ...extension };
    if (target.name !== undefined) drop(rest, target);
    if (target.name === undefined || Object.keys(rest).length === 0) Reflect.deleteProperty(result, key);
    else put(result, key, rest);
  }
  return result;
}

function drop(holder: JsonObject, { name, sub }: Target): void {
  if (name === undefined || ALWAYS.includes(name)) return;
  const key = keyOf(holder, name);
  const value = key === undefined ? undefined : own(holder, key);
  if (key === undefined || value === undefined) return;
  if (sub === undefined) Reflect.deleteProperty(holder, key);
  else put(holder, key, dropPart(value, sub));
}

function dropPart(value: Json, sub: string): Json {
  if (Array.isArray(value)) return value.map((element) => dropPart(element, sub));
  if (!isObject(value)) return value;
  const key = keyOf(value, sub);
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}
