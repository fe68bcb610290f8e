import type { Json, JsonObject } from '@rollcall/connector-kit';
import type { AttributeDefinition } from '../schema/definition.js';
import { resolveAttribute } from '../schema/resolve.js';
import type { ResourceType } from '../schema/resource-types.js';
import type { Filter, Literal, SelectingPath } from './ast.js';
import { matches } from './compare.js';
import { comparedOf, elementsAt, withinElement, type Values } from './values.js';

type Look = (path: SelectingPath) => Values;

/**
 * Says whether a resource, as it is shown to clients, is selected. A set matches if any of its values does; `eq null` selects
 * what has no value, `ne` also what has none.
 */
export function evaluateFilter(filter: Filter, resource: JsonObject, type: ResourceType): boolean {
  const look: Look = (path) => {
    const target = resolveAttribute(type, path);
    const elements = elementsAt(resource, target);
    const { where } = path;
    const parts = target.definition?.subAttributes ?? [];
    const selected = where === undefined ? elements : elements.filter((one) => evaluateOnElement(where, one, parts));
    return comparedOf(selected, target);
  };
  const has = (filterOfElements: Filter, path: SelectingPath): boolean => {
    const target = resolveAttribute(type, path);
    const parts = target.definition?.subAttributes ?? [];
    return elementsAt(resource, target).some((one) => evaluateOnElement(filterOfElements, one, parts));
  };
  return evaluate(filter, look, has);
}

/** Says whether one element of a list is selected by the filter in brackets. */
export function evaluateOnElement(filter: Filter, element: Json, parts: readonly AttributeDefinition[]): boolean {
  const look: Look = (path) => withinElement(element, path, parts);
  return evaluate(filter, look, (_, path) => look(path).values.length > 0);
}

type Has = (where: Filter, path: SelectingPath) => boolean;

function evaluate(filter: Filter, look: Look, has: Has): boolean {
  switch (filter.op) {
    case 'and':
      return filter.filters.every((part) => evaluate(part, look, has));
    case 'or':
      return filter.filters.some((part) => evaluate(part, look, has));
    case 'not':
      return !evaluate(filter.filter, look, has);
    case 'pr':
      return look(filter.path).values.some(isPresent);
    case 'has':
      return has(filter.where, filter.path);
    default:
      return compare(filter.op, filter.value, look(filter.path));
  }
}

function compare(op: Parameters<typeof matches>[1], wanted: Literal, { values, definition }: Values): boolean {
  if (wanted === null) return (op === 'eq') !== values.some(isPresent);
  if (op === 'ne' && values.length === 0) return true;
  return values.some((value) => matches(value, op, wanted, definition));
}

function isPresent(value: Json): boolean {
  return value !== '' && value !== null;
}
