import type { Json, JsonObject } from '@rollcall/connector-kit';
import { isObject, ownFolded } from '../resource/json.js';
import type { AttributeDefinition } from '../schema/definition.js';
import type { Target } from '../schema/resolve.js';
import type { AttributePath } from './ast.js';

/** The values that a path names, with what is known of their kind. */
export interface Values {
  readonly values: readonly Json[];
  readonly definition: AttributeDefinition | undefined;
}

/** Finds what a path names on a resource, lists opened: every element is a value. */
export function elementsAt(resource: JsonObject, target: Target): readonly Json[] {
  const holder = target.extension === undefined ? resource : ownFolded(resource, target.extension);
  if (!isObject(holder) || target.name === undefined) return [];
  return listed(ownFolded(holder, target.name));
}

/** A value as a list; no value as an empty one. */
export function listed(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.filter((element) => element !== null) : [value];
}

/** Goes from elements to what is compared: their sub-attribute, or their `value` where a whole is compared with a text. */
export function comparedOf(elements: readonly Json[], target: Target): Values {
  const { definition, sub, subDefinition } = target;
  const name = sub ?? 'value';
  const inner = sub === undefined ? definition?.subAttributes?.find((part) => part.name === 'value') : subDefinition;
  const values = elements.flatMap((element) => {
    if (isObject(element)) return listed(ownFolded(element, name));
    return sub === undefined || sub.toLowerCase() === 'value' ? [element] : [];
  });
  return { values, definition: inner ?? (sub === undefined ? definition : undefined) };
}

/** What a path names within one element of a list. */
export function withinElement(element: Json, path: AttributePath, parts: readonly AttributeDefinition[]): Values {
  const name = path.name ?? '';
  const definition = parts.find((part) => part.name.toLowerCase() === name.toLowerCase());
  if (!isObject(element)) return { values: name.toLowerCase() === 'value' ? [element] : [], definition };
  const values = listed(ownFolded(element, name));
  if (path.sub === undefined) return { values, definition };
  const sub = path.sub;
  return {
    values: values.flatMap((value) => (isObject(value) ? listed(ownFolded(value, sub)) : [])),
    definition: undefined,
  };
}
