import type { Json, JsonObject } from '@rollcall/connector-kit';
import { badRequest, shown, type ScimError } from '../errors.js';
import type { Filter } from '../filter/ast.js';
import { evaluateOnElement } from '../filter/evaluate.js';
import { printFilter } from '../filter/print.js';
import { coerce, coerceSingle, demandShort, keepOnePrimary } from '../resource/coerce.js';
import { fold } from '../resource/fold.js';
import { isObject, isUnassigned, keyOf, own, ownFolded, put, sameJson } from '../resource/json.js';
import { definitionNamed } from '../schema/resolve.js';
import type { AttributeDefinition } from '../schema/definition.js';
import type { Operation } from './operations.js';

/** Adds what is not there yet. An element with the same value and type as one that is there completes it. */
export function addElements(current: readonly Json[], added: readonly Json[]): Json[] {
  const elements = structuredClone(current) as Json[];
  const touched = added.map((element) => {
    const at = elements.findIndex((one) => isSameElement(one, element));
    const there = elements[at];
    if (there === undefined) return elements.push(element) - 1;
    if (isObject(there) && isObject(element)) Object.assign(there, element);
    return at;
  });
  const primary = touched.find((at) => isPrimary(elements[at]));
  return withOnePrimary(elements, primary);
}

/** Leaves out what has one of the listed values. */
export function removeElements(current: readonly Json[], removed: readonly Json[]): Json[] {
  return current.filter((element) => !removed.some((one) => isNamedBy(element, one)));
}

/** Which elements of a list are meant. */
export type Selection = Filter | 'all';

/**
 * Applies an operation to the elements that are selected.
 *
 * Where none is selected and the filter says plainly what the element would be (`type eq "work"`), it is created:
 * Entra ID counts on that.
 *
 * @throws ScimError 400 `noTarget` where none is selected and none can be created.
 */
export function changeSelected(
  current: readonly Json[],
  where: Selection,
  change: { operation: Operation; definition: AttributeDefinition | undefined; sub: string | undefined },
): Json[] {
  const { operation, definition, sub } = change;
  demandShort(definition?.name ?? 'The list', current);
  const parts = definition?.subAttributes ?? [];
  const elements = structuredClone(current) as Json[];
  const isSelected = elements.map((element) => where === 'all' || evaluateOnElement(where, element, parts));
  if (operation.op === 'remove') return removeSelected(elements, isSelected, { sub, value: operation.value });
  if (!isSelected.includes(true)) {
    const plain = where === 'all' ? {} : plainElement(where, parts);
    if (plain === undefined) throw nothingSelected(where);
    if (isUnassigned(operation.value)) return elements;
    elements.push(plain);
    isSelected.push(true);
  }
  const changed = elements.flatMap((element, i) => (isSelected[i] ? changeElement(element, change) : [element]));
  return withOnePrimary(
    changed,
    isSelected.findIndex((selected, i) => selected && isPrimary(changed[i])),
  );
}

function nothingSelected(where: Selection): ScimError {
  const text = where === 'all' ? '' : shown(printFilter(where));
  return badRequest('noTarget', `Nothing is selected by ${text}, and it does not say what to create.`);
}

function removeSelected(
  elements: readonly Json[],
  isSelected: readonly boolean[],
  { sub, value }: { sub: string | undefined; value: Json | undefined },
): Json[] {
  return elements.flatMap((element, i) => {
    if (!isSelected[i]) return [element];
    if (sub === undefined || sub === 'value' || !isObject(element)) return [];
    if (!isUnassigned(value) && !sameJson(own(element, sub), value)) return [element];
    return [without(element, sub)];
  });
}

function changeElement(
  element: Json,
  {
    operation,
    definition,
    sub,
  }: { operation: Operation; definition: AttributeDefinition | undefined; sub: string | undefined },
): Json[] {
  const { op, value = null } = operation;
  const base = isObject(element) ? element : { value: element };
  if (sub !== undefined) return setPart(base, sub, { value, definition });
  const coerced = definition === undefined ? value : coerceSingle(definition, value);
  if (isUnassigned(coerced)) return [];
  const given = isObject(coerced) ? coerced : { value: coerced ?? null };
  return [op === 'add' || !isObject(value) ? { ...base, ...given } : withSelection(given, base)];
}

/** A replaced element keeps the type by which it was selected, unless the new one has a type of its own. */
function withSelection(given: JsonObject, base: JsonObject): JsonObject {
  const type = own(base, 'type');
  return Object.hasOwn(given, 'type') || type === undefined ? given : { ...given, type };
}

function setPart(
  element: JsonObject,
  sub: string,
  { value, definition }: { value: Json; definition: AttributeDefinition | undefined },
): Json[] {
  const part = definitionNamed(definition?.subAttributes ?? [], sub);
  const coerced = part === undefined ? value : coerce(part, value);
  if (isUnassigned(coerced)) return sub === 'value' ? [] : [without(element, sub)];
  const changed = { ...element };
  put(changed, keyOf(element, sub) ?? sub, coerced ?? null);
  return [changed];
}

/** The element that a filter describes: an `eq`, or several joined by `and`. */
function plainElement(where: Filter, parts: readonly AttributeDefinition[]): JsonObject | undefined {
  if (where.op === 'and') {
    const all = where.filters.map((part) => plainElement(part, parts));
    return all.reduce((a, b) => (a === undefined || b === undefined ? undefined : { ...a, ...b }), {});
  }
  if (where.op !== 'eq' || where.value === null || where.path.sub !== undefined || where.path.name === undefined) {
    return undefined;
  }
  const part = definitionNamed(parts, where.path.name);
  const value = part === undefined ? where.value : coerce(part, where.value);
  return value === undefined ? undefined : { [part?.name ?? where.path.name]: value };
}

function withOnePrimary(elements: Json[], primary: number | undefined): Json[] {
  keepOnePrimary(elements, primary === undefined || primary < 0 ? 0 : primary);
  return elements;
}

function isPrimary(element: Json | undefined): boolean {
  return isObject(element) && own(element, 'primary') === true;
}

function without(element: JsonObject, key: string): JsonObject {
  const there = keyOf(element, key);
  return Object.fromEntries(Object.entries(element).filter(([name]) => name !== there));
}

function isSameElement(a: Json, b: Json): boolean {
  if (!isObject(a) || !isObject(b)) return sameJson(a, b);
  const [valueA, valueB] = [own(a, 'value'), own(b, 'value')];
  if (typeof valueA !== 'string' || typeof valueB !== 'string') return sameJson(a, b);
  return valueA === valueB && foldedType(a) === foldedType(b);
}

function foldedType(element: JsonObject): string | undefined {
  const type = own(element, 'type');
  return typeof type === 'string' ? fold(type) : undefined;
}

function isNamedBy(element: Json, removed: Json): boolean {
  const valueOf = (one: Json): Json | undefined => (isObject(one) ? ownFolded(one, 'value') : one);
  const [a, b] = [valueOf(element), valueOf(removed)];
  if (a === undefined && b === undefined) return sameJson(element, removed);
  return typeof a === 'string' && typeof b === 'string' ? fold(a) === fold(b) : sameJson(a, b);
}
