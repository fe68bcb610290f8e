import type { Schema } from '../model/catalogue.js';

type Keyword = (value: unknown, argument: unknown, schema: Schema) => boolean;
type Properties = Readonly<Record<string, unknown>>;

/**
 * Whether a value matches a JSON Schema, where the schema has nothing but common keywords; null where it has others.
 *
 * Most files are in order, and to be told so need not cost the loading and compiling of a whole validator. What is not
 * in order, or not known here, is for that validator to say.
 */
export function matchesPlainly(value: unknown, schema: Schema): boolean | null {
  return isPlain(schema) ? matches(value, schema) : null;
}

/** Keywords that say nothing about a value. */
const ANNOTATIONS = new Set(['$schema', 'title', 'description', 'examples', 'secret', 'help']);

const KEYWORDS: Readonly<Record<string, Keyword>> = {
  type: (value, types) => [types].flat().some((type) => TYPES[String(type)]?.(value) === true),
  const: (value, wanted) => value === wanted,
  enum: (value, wanted) => (wanted as unknown[]).includes(value),
  pattern: (value, source) => typeof value !== 'string' || new RegExp(source as string, 'u').test(value),
  minLength: (value, least) => typeof value !== 'string' || lengthOf(value) >= (least as number),
  maxLength: (value, most) => typeof value !== 'string' || lengthOf(value) <= (most as number),
  minimum: (value, least) => typeof value !== 'number' || value >= (least as number),
  maximum: (value, most) => typeof value !== 'number' || value <= (most as number),
  items: (value, schema) => !Array.isArray(value) || value.every((item) => matches(item, schema)),
  minItems: (value, least) => !Array.isArray(value) || value.length >= (least as number),
  uniqueItems: (value, unique) => unique !== true || !Array.isArray(value) || areUnique(value),
  required: (value, names) => !isObject(value) || (names as string[]).every((name) => Object.hasOwn(value, name)),
  minProperties: (value, least) => !isObject(value) || Object.keys(value).length >= (least as number),
  properties: (value, schemas) =>
    !isObject(value) ||
    Object.entries(schemas as Properties).every(
      ([name, schema]) => !Object.hasOwn(value, name) || matches(value[name], schema),
    ),
  propertyNames: (value, schema) => !isObject(value) || Object.keys(value).every((name) => matches(name, schema)),
  additionalProperties: (value, schema, { properties }) =>
    !isObject(value) ||
    Object.entries(value).every(
      ([name, item]) => Object.hasOwn((properties ?? {}) as Properties, name) || matches(item, schema),
    ),
  anyOf: (value, schemas) => (schemas as unknown[]).some((schema) => matches(value, schema)),
  oneOf: (value, schemas) => (schemas as unknown[]).filter((schema) => matches(value, schema)).length === 1,
};

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: (value) => Array.isArray(value),
  object: isObject,
};

/** Where keywords keep schemas of their own. */
const ONE_INSIDE = ['items', 'propertyNames', 'additionalProperties'];
const MANY_INSIDE = ['properties', 'anyOf', 'oneOf'];

function isPlain(schema: unknown): boolean {
  if (typeof schema === 'boolean') return true;
  if (!isObject(schema)) return false;
  return Object.entries(schema).every(([keyword, argument]) => {
    if (ANNOTATIONS.has(keyword)) return true;
    if (!Object.hasOwn(KEYWORDS, keyword)) return false;
    if (ONE_INSIDE.includes(keyword)) return isPlain(argument);
    if (MANY_INSIDE.includes(keyword)) return Object.values(argument as object).every(isPlain);
    // Equality of objects and lists is more than === says.
    if (keyword === 'const') return isSimple(argument);
    return keyword !== 'enum' || (Array.isArray(argument) && argument.every(isSimple));
  });
}

function matches(value: unknown, schema: unknown): boolean {
  if (typeof schema === 'boolean') return schema;
  return Object.entries(schema as Schema).every(
    ([keyword, argument]) =>
      ANNOTATIONS.has(keyword) || KEYWORDS[keyword]?.(value, argument, schema as Schema) === true,
  );
}

function areUnique(items: readonly unknown[]): boolean {
  return items.every(isSimple) && new Set(items).size === items.length;
}

function isSimple(value: unknown): boolean {
  return value === null || typeof value !== 'object';
}

function isObject(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON Schema counts characters, not halves of them. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}
