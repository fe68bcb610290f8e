import type { Json, JsonObject } from '@rollcall/connector-kit';
import { badRequest, shown } from '../errors.js';
import { definitionNamed } from '../schema/resolve.js';
import type { AttributeDefinition } from '../schema/definition.js';
import { readBoolean } from './booleans.js';
import { isObject, isUnassigned, keyOf, own, put } from './json.js';

/** Parts of an element that say nothing by themselves. */
const COMPANIONS = new Set(['type', 'primary', 'display', 'operation']);

/** Most elements of a list: what a person has, never what a group holds. */
export const MOST_ELEMENTS = 500;

/** A text that PostgreSQL cannot store, or that is no Unicode. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/**
 * Brings a value of a client into the form of its attribute: lists wrapped and opened, truth values read, names of parts
 * spelled as in the schema, unknown parts kept.
 *
 * @returns undefined for what says that there is no value: null, an empty text, list or object.
 * @throws ScimError 400 `invalidValue`.
 */
export function coerce(definition: AttributeDefinition, value: Json): Json | undefined {
  if (isUnassigned(value)) return undefined;
  if (definition.multiValued) return coerceList(definition, value);
  return coerceSingle(definition, value);
}

/** Brings one value, or one element of a list, into the form of its attribute. */
export function coerceSingle(definition: AttributeDefinition, value: Json): Json | undefined {
  const single = opened(definition, value);
  if (isUnassigned(single)) return undefined;
  switch (definition.type) {
    case 'complex':
      return coerceComplex(definition, single);
    case 'boolean':
      return coerceBoolean(definition, single);
    default:
      return coerceText(definition, single);
  }
}

/** Refuses, at any depth, texts that no store can keep and numbers that came in other digits than were sent. */
export function demandStorable(value: Json, place: string): void {
  if (typeof value === 'string' && UNSTORABLE.test(value)) {
    throw badRequest('invalidValue', `${place} holds a zero character or half of a character.`);
  }
  if (typeof value === 'number' && !isKept(value)) {
    throw badRequest('invalidValue', `${place} holds a number with more digits than can be kept. Send it as a text.`);
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    demandStorable(key, `A name within ${place}`);
    demandStorable(inner, place);
  }
}

function isKept(number: number): boolean {
  return Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
}

function opened(definition: AttributeDefinition, value: Json): Json {
  if (!Array.isArray(value)) return value;
  const [first, ...others] = value;
  if (others.length > 0) throw badRequest('invalidValue', `${definition.name} takes one value, not ${value.length}.`);
  return first ?? null;
}

/** Refuses a list that is too long to be compared element by element. */
export function demandShort(name: string, elements: readonly Json[]): void {
  if (elements.length <= MOST_ELEMENTS) return;
  throw badRequest('invalidValue', `${shown(name)} takes at most ${MOST_ELEMENTS} values.`);
}

function coerceList(definition: AttributeDefinition, value: Json): Json | undefined {
  const given = Array.isArray(value) ? value : [value];
  demandShort(definition.name, given);
  const elements = given
    .map((element) => coerceSingle(definition, element))
    .filter((element) => element !== undefined)
    .filter((element) => !isObject(element) || saysSomething(element));
  keepOnePrimary(elements, 0);
  return elements.length === 0 ? undefined : elements;
}

function saysSomething(element: JsonObject): boolean {
  return Object.keys(element).some((key) => !COMPANIONS.has(key));
}

/** Leaves at most one element primary: the first at or after `from`, else the first. Changes the elements. */
export function keepOnePrimary(elements: readonly Json[], from: number): void {
  const primaries = elements.filter((element) => isObject(element) && own(element, 'primary') === true);
  const chosen = primaries.find((element) => elements.indexOf(element) >= from) ?? primaries[0];
  for (const element of primaries) if (element !== chosen && isObject(element)) put(element, 'primary', false);
}

function coerceComplex(definition: AttributeDefinition, value: Json): Json | undefined {
  if (!isObject(value)) return coerceComplex(definition, { value: value });
  const known = definition.subAttributes ?? [];
  const result: JsonObject = {};
  for (const [key, inner] of Object.entries(value)) {
    const part = definitionNamed(known, key);
    if (part === undefined) {
      if (!isUnassigned(inner)) put(result, key, inner);
      continue;
    }
    const coerced = coerce(part, inner);
    if (coerced !== undefined) put(result, part.name, coerced);
  }
  return Object.keys(result).length === 0 ? undefined : result;
}

function coerceBoolean({ name }: AttributeDefinition, value: Json): boolean {
  const read = readBoolean(value);
  if (read !== undefined) return read;
  throw badRequest('invalidValue', `${name} must be true or false, not ${shown(JSON.stringify(value))}.`);
}

function coerceText({ name }: AttributeDefinition, value: Json): string {
  const text = isObject(value) && Object.keys(value).length === 1 ? own(value, keyOf(value, 'value') ?? '') : value;
  if (typeof text === 'string') return text;
  if (typeof text === 'number' || typeof text === 'boolean') return String(text);
  throw badRequest('invalidValue', `${name} must be a text.`);
}
