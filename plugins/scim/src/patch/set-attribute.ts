import type { Json, JsonObject } from '@rollcall/connector-kit';
import { badRequest, shown } from '../errors.js';
import type { Filter } from '../filter/ast.js';
import { listed } from '../filter/values.js';
import { coerce, demandShort, demandStorable } from '../resource/coerce.js';
import { isObject, isUnassigned, keyOf, own, put } from '../resource/json.js';
import { readManager } from '../resource/manager.js';
import type { Target } from '../schema/resolve.js';
import { addElements, changeSelected, removeElements } from './elements.js';
import type { Operation } from './operations.js';

interface Change {
  readonly operation: Operation;
  readonly where: Filter | undefined;
}

const PRIMARY: Filter = { op: 'eq', path: { name: 'primary' }, value: true };

/** Applies one operation to one attribute of a resource. Changes the resource. */
export function setAttribute(resource: JsonObject, target: Target, change: Change): void {
  const { extension, name } = target;
  if (name === undefined) return;
  demandStorable([extension ?? '', name, target.sub ?? ''], 'The name of an attribute');
  demandStorable(change.operation.value ?? null, shown(name));
  if (extension === undefined) {
    setWithin(resource, name, { target, change });
    return;
  }
  const key = keyOf(resource, extension) ?? extension;
  const current = own(resource, key);
  const holder = isObject(current) ? { ...current } : {};
  setWithin(holder, name, { target, change });
  if (Object.keys(holder).length > 0) put(resource, key, holder);
  else Reflect.deleteProperty(resource, key);
}

function setWithin(holder: JsonObject, name: string, { target, change }: { target: Target; change: Change }): void {
  const key = keyOf(holder, name) ?? name;
  const next = nextValue(own(holder, key), target, change);
  if (!isUnassigned(next) && !(isObject(next) && Object.keys(next).length === 0)) {
    put(holder, key, next ?? null);
    return;
  }
  if (target.definition?.required === true || name === 'active') {
    throw badRequest('invalidValue', `"${name}" needs a value.`);
  }
  Reflect.deleteProperty(holder, key);
}

function nextValue(current: Json | undefined, target: Target, change: Change): Json | undefined {
  const { definition, sub } = target;
  const { operation, where } = change;
  const isList = definition?.multiValued ?? (Array.isArray(current) || where !== undefined);
  if (!isList) {
    if (where !== undefined) throw badRequest('invalidPath', `"${target.name ?? ''}" has no elements to select.`);
    return sub === undefined ? nextSingle(current, target, operation) : nextPart(current, target, operation);
  }
  const elements = listed(current);
  if (where !== undefined) return changeSelected(elements, where, { operation, definition, sub });
  return sub === undefined ? nextList(elements, target, operation) : nextPartOfList(elements, target, operation);
}

function nextList(elements: readonly Json[], target: Target, { op, value = null }: Operation): Json | undefined {
  const { definition, name = '' } = target;
  const given = Array.isArray(value) ? value : [value];
  demandShort(name, given);
  if (op === 'remove') return isUnassigned(value) ? undefined : removeElements(elements, given);
  const coerced = definition === undefined ? value : coerce(definition, value);
  if (op === 'replace') return coerced;
  // Adding nothing changes nothing; clients send empty lists where they have nothing to say.
  const together = addElements(elements, listed(coerced));
  demandShort(name, together);
  return together;
}

/** A sub-attribute of a list without a filter: of its only element, of the primary one, or of a new one. */
function nextPartOfList(elements: readonly Json[], target: Target, operation: Operation): Json | undefined {
  const { definition, sub } = target;
  if (operation.op === 'remove' || elements.length <= 1) {
    return changeSelected(elements, 'all', { operation, definition, sub });
  }
  if (!elements.some((element) => isObject(element) && own(element, 'primary') === true)) {
    throw badRequest('noTarget', `"${target.name ?? ''}" has several values; select one of them.`);
  }
  return changeSelected(elements, PRIMARY, { operation, definition, sub });
}

function nextSingle(current: Json | undefined, target: Target, { op, value = null }: Operation): Json | undefined {
  const { definition, name } = target;
  if (op === 'remove') return undefined;
  if (definition === undefined) return value;
  if (name === 'manager') return readManager(value);
  const next = coerce(definition, value);
  if (definition.type !== 'complex' || !isObject(current) || !isObject(value)) return next;
  // RFC 7644 section 3.5.2.3: parts that are not named stay.
  return merged(current, isObject(next) ? next : {}, value);
}

/** Parts given as null are taken away; `coerce` has already left them out of `next`. */
function merged(current: JsonObject, next: JsonObject, given: JsonObject): JsonObject {
  const result = { ...current, ...next };
  for (const [key, value] of Object.entries(given)) {
    const there = keyOf(result, key);
    if (there !== undefined && isUnassigned(value)) Reflect.deleteProperty(result, there);
  }
  return result;
}

function nextPart(current: Json | undefined, target: Target, { op, value }: Operation): Json | undefined {
  const { name, sub = '', subDefinition, definition } = target;
  if (definition !== undefined && definition.type !== 'complex') {
    throw badRequest('invalidPath', `"${definition.name}" has no part "${sub}".`);
  }
  const given = op === 'remove' ? null : (value ?? null);
  if (name === 'manager' && sub === 'value') return readManager(given);
  const next = subDefinition === undefined ? given : coerce(subDefinition, given);
  return withPart(isObject(current) ? current : {}, sub, next);
}

function withPart(current: JsonObject, sub: string, next: Json | undefined): JsonObject {
  const holder = { ...current };
  const key = keyOf(holder, sub) ?? sub;
  if (next === undefined || isUnassigned(next)) Reflect.deleteProperty(holder, key);
  else put(holder, key, next);
  return holder;
}
