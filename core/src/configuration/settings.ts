import type { ErrorPlace, Json, JsonObject, JsonSchema, RollcallError } from '@rollcall/connector-kit';
import { fileError, throwAll } from '../rules/finding.js';
import { SchemaCheck, type Places } from '../rules/schema-check.js';
import { resolveSecret, secretReference, type SecretReference, type SecretSources } from './secrets.js';

/** What a directory's settings are checked with. */
export interface SettingsPlaces extends Places {
  where: ErrorPlace;
}

/**
 * Checks a directory's settings against its connector's schema; what the schema marks as secret must be a reference.
 *
 * @throws {RollcallError} with exit code 78; all findings are in `errors`.
 */
export function checkSettings(settings: JsonObject, schema: JsonSchema, places: SettingsPlaces): void {
  const errors: RollcallError[] = [...checkOf(schema).errorsIn(settings, places)];
  for (const { path, text } of secretTexts(settings, schema)) {
    if (secretReference(text, {}) === null) {
      const what = `The setting ${path.join('.')} must be a reference to the secret, never the secret itself.`;
      errors.push(
        places.errorAt(
          places.valuePlace(path),
          'RC_SECRET_LITERAL',
          what,
          'Write env:NAME or file:PATH, and put the secret there.',
        ),
      );
    }
  }
  throwAll(errors);
}

const checks = new WeakMap<JsonSchema, SchemaCheck>();

/** A connector's schema is compiled once a process. */
function checkOf(schema: JsonSchema): SchemaCheck {
  const check = checks.get(schema) ?? new SchemaCheck(schema);
  checks.set(schema, check);
  return check;
}

/**
 * The settings as the connector gets them: every reference replaced by what it stands for.
 *
 * @throws {RollcallError} `RC_SECRET_MISSING`, `RC_SECRET_LITERAL`, exit code 78.
 */
export async function resolveSettings(
  settings: JsonObject,
  schema: JsonSchema,
  sources: SecretSources & { where: ErrorPlace; places?: Places },
): Promise<JsonObject> {
  const resolved = structuredClone(settings);
  for (const { path, text } of secretTexts(settings, schema)) {
    const where = { ...sources.where, ...sources.places?.valuePlace(path) };
    const reference = secretReference(text, where) ?? literal(path, where);
    put(resolved, path, await resolveSecret(reference, sources));
  }
  return resolved;
}

/** The references in a directory's settings. */
export function secretsIn(settings: JsonObject, schema: JsonSchema, where: ErrorPlace): SecretReference[] {
  return [...secretTexts(settings, schema)].flatMap(({ text }) => secretReference(text, where) ?? []);
}

function literal(path: readonly (string | number)[], where: ErrorPlace): never {
  const what = `The setting ${path.join('.')} must be a reference to the secret.`;
  throw fileError('RC_SECRET_LITERAL', what, where, 'Write env:NAME or file:PATH, and put the secret there.');
}

interface SecretText {
  path: (string | number)[];
  text: string;
}

/** Every text at a place that the schema marks with `"secret": true`, whichever of its forms marks it. */
function secretTexts(settings: JsonObject, schema: JsonSchema): SecretText[] {
  const found = new Map<string, SecretText>();
  const walk = (value: Json, part: unknown, path: (string | number)[], depth: number): void => {
    if (!isSchema(part) || depth > DEEPEST) return;
    if (part.secret === true && typeof value === 'string') found.set(JSON.stringify(path), { path, text: value });
    for (const form of formsOf(part, schema)) walk(value, form, path, depth + 1);
    for (const [key, item, child] of children(value, part)) walk(item, child, [...path, key], depth + 1);
  };
  walk(settings, schema, [], 0);
  return [...found.values()];
}

/** Schemas may refer to themselves. */
const DEEPEST = 64;

/** Other schemas that say something of the same value. */
function formsOf(part: Readonly<Record<string, unknown>>, schema: JsonSchema): unknown[] {
  const referredTo = typeof part.$ref === 'string' ? [referred(schema, part.$ref)] : [];
  return [
    ...referredTo,
    ...['oneOf', 'anyOf', 'allOf'].flatMap((keyword) => listOf(part[keyword])),
    part.then,
    part.else,
  ];
}

/** The parts of a value, each with its part of the schema. */
function children(value: Json, part: Readonly<Record<string, unknown>>): [string | number, Json, unknown][] {
  if (Array.isArray(value)) return value.map((item, position) => [position, item, part.items]);
  if (typeof value !== 'object' || value === null) return [];
  const properties = isSchema(part.properties) ? part.properties : {};
  return Object.entries(value).map(([key, item]) => [
    key,
    item,
    Object.hasOwn(properties, key) ? properties[key] : part.additionalProperties,
  ]);
}

function referred(schema: JsonSchema, reference: string): unknown {
  if (!reference.startsWith('#/')) return undefined;
  let part: unknown = schema;
  for (const step of reference.slice(2).split('/')) part = isSchema(part) ? part[step] : undefined;
  return part;
}

function isSchema(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function put(target: JsonObject, path: readonly (string | number)[], value: string): void {
  let holder: Record<string | number, unknown> = target;
  for (const step of path.slice(0, -1)) holder = holder[step] as Record<string | number, unknown>;
  const last = path[path.length - 1];
  if (last !== undefined) holder[last] = value;
}
