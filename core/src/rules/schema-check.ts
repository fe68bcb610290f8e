import type { RollcallError } from '@rollcall/connector-kit';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Schema } from '../model/catalogue.js';
import { didYouMean, nearestName } from './nearest-name.js';
import type { YamlText } from './yaml-text.js';

/** Checks files against the very JSON Schemas that editors get, and says where and what is wrong. */
export class SchemaCheck {
  readonly #validate: ValidateFunction;

  constructor(schema: Schema) {
    this.#validate = new Ajv2020({
      allErrors: true,
      verbose: true,
      discriminator: true,
      allowUnionTypes: true,
    }).compile(schema);
  }

  /** All errors of a file, in the order of their places. Empty also where the file is not YAML: that is said elsewhere. */
  errorsOf(yaml: YamlText): RollcallError[] {
    if (yaml.errors.length > 0 || this.#validate(yaml.value)) return [];
    return (this.#validate.errors ?? [])
      .filter((error) => !WRAPPERS.has(error.keyword))
      .map((error) => errorOf(yaml, error))
      .sort((a, b) => (a.where.line ?? 0) - (b.where.line ?? 0) || (a.where.column ?? 0) - (b.where.column ?? 0));
  }
}

/** Keywords that only repeat what the keywords inside them say. */
const WRAPPERS = new Set(['anyOf', 'oneOf', 'allOf', 'if', 'propertyNames']);

/** The keys and positions of a JSON pointer. */
export function pathOfPointer(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function errorOf(yaml: YamlText, error: ErrorObject): RollcallError {
  const path = pathOfPointer(error.instancePath);
  const params = error.params as Readonly<Record<string, unknown>>;
  if (error.keyword === 'additionalProperties') {
    const key = String(params.additionalProperty);
    return yaml.errorAt(
      yaml.keyPlace([...path, key]),
      'RC_CONFIG_UNKNOWN_KEY',
      `Unknown key "${key}".`,
      didYouMean(key, knownKeys(error)),
    );
  }
  if (error.propertyName !== undefined) {
    const place = yaml.keyPlace([...path, error.propertyName]);
    return yaml.errorAt(
      place,
      'RC_CONFIG_INVALID',
      `The name "${error.propertyName}" cannot be used.`,
      'Use small letters, digits and hyphens, a letter first.',
    );
  }
  if (error.keyword === 'required') {
    const key = String(params.missingProperty);
    return yaml.errorAt(
      yaml.keyPlace(path),
      'RC_CONFIG_MISSING_KEY',
      `The key "${key}" is missing${inside(path)}.`,
      `Write ${key}: and its value.`,
    );
  }
  const what = `${subject(path)} ${complaint(error)}.`;
  return yaml.errorAt(yaml.valuePlace(path), 'RC_CONFIG_INVALID', what, mendOf(error));
}

function knownKeys(error: ErrorObject): string[] {
  const properties = (error.parentSchema as { properties?: Record<string, unknown> } | undefined)?.properties;
  return Object.keys(properties ?? {});
}

function inside(path: readonly string[]): string {
  return path.length === 0 ? '' : ` in ${path.join('.')}`;
}

function subject(path: readonly string[]): string {
  return path.length === 0 ? 'The file' : `The value of ${path.join('.')}`;
}

function allowedOf(error: ErrorObject): string[] {
  const params = error.params as { allowedValues?: unknown[]; allowedValue?: unknown };
  return (params.allowedValues ?? ('allowedValue' in params ? [params.allowedValue] : [])).map((value) =>
    String(value),
  );
}

function complaint(error: ErrorObject): string {
  const allowed = allowedOf(error);
  if (allowed.length > 0) return `must be ${allowed.length === 1 ? '' : 'one of '}${allowed.join(', ')}`;
  return error.message ?? 'is not allowed';
}

function mendOf(error: ErrorObject): string {
  const written = typeof error.data === 'string' ? nearestName(error.data, allowedOf(error)) : null;
  if (written !== null) return `Did you mean "${written}"?`;
  const help = (error.parentSchema as { description?: unknown } | undefined)?.description;
  return typeof help === 'string' ? help : 'Change the value.';
}
