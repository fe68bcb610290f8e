import { createRequire } from 'node:module';
import type { ErrorCode, RollcallError } from '@rollcall/connector-kit';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import type { Schema } from '../model/catalogue.js';
import { choiceWords } from './choice-words.js';
import { didYouMean, nearestName } from './nearest-name.js';
import { matchesPlainly } from './plain-schema.js';
import { isChoice, tellingErrors } from './telling-errors.js';
import type { Path, Place, YamlText } from './yaml-text.js';

/** Knows where in a file a value stands, and makes errors of that place. */
export interface Places {
  keyPlace(path: Path): Place;
  valuePlace(path: Path): Place;
  errorAt(place: Place, code: ErrorCode, what: string, mend: string): RollcallError;
}

/** Ajv is loaded when something is wrong: a start of the command line should not pay for it. */
const loadAjv = (): typeof import('ajv/dist/2020.js') =>
  createRequire(import.meta.url)('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');

/** Checks files against the very JSON Schemas that editors get, and says where and what is wrong. */
export class SchemaCheck {
  readonly #schema: Schema;
  #compiled: ValidateFunction | null = null;

  constructor(schema: Schema) {
    this.#schema = schema;
  }

  /** Compiled when it is first needed. */
  get #validate(): ValidateFunction {
    if (this.#compiled !== null) return this.#compiled;
    // Not strict: schemas of third parties carry keywords of their own, such as `secret` and `help`.
    const { Ajv2020 } = loadAjv();
    const ajv = new Ajv2020({
      allErrors: true,
      verbose: true,
      strict: false,
      validateFormats: false,
      // Ours are checked by a test, a connector's by check-manifest: compiling the meta-schema costs more than all of them.
      validateSchema: false,
    });
    this.#compiled = ajv.compile(this.#schema);
    return this.#compiled;
  }

  /** All errors of a file, in the order of their places. Empty also where the file is not YAML: that is said elsewhere. */
  errorsOf(yaml: YamlText): RollcallError[] {
    return yaml.errors.length > 0 ? [] : this.errorsIn(yaml.value, yaml);
  }

  /** All errors of a value that stands somewhere in a file. */
  errorsIn(value: unknown, places: Places): RollcallError[] {
    if (matchesPlainly(value, this.#schema) === true) return [];
    const validate = this.#validate;
    if (validate(value)) return [];
    return withoutEchoes(tellingErrors(validate.errors ?? []))
      .map((error) => errorOf(places, error))
      .sort((a, b) => (a.where.line ?? 0) - (b.where.line ?? 0) || (a.where.column ?? 0) - (b.where.column ?? 0));
  }
}

/** The keys and positions of a JSON pointer. */
export function pathOfPointer(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A key that is missing because it was misspelt is told once, as the unknown key. */
function withoutEchoes(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const misspelt = new Set(
    errors.flatMap((error) => (error.keyword === 'additionalProperties' ? [meantPath(error)] : [])),
  );
  return errors.filter((error) => error.keyword !== 'required' || !misspelt.has(missingPath(error)));
}

function meantPath(error: ErrorObject): string {
  const key = (error.params as { additionalProperty: string }).additionalProperty;
  return `${error.instancePath}/${nearestName(key, knownKeys(error)) ?? ''}`;
}

function missingPath(error: ErrorObject): string {
  return `${error.instancePath}/${(error.params as { missingProperty: string }).missingProperty}`;
}

/** A file that is empty, or something else than keys with values. */
function noKeys(places: Places, error: ErrorObject): RollcallError {
  const keys = requiredKeys(error);
  const mend = `Write it as keys with their values${keys.length === 0 ? '' : `; needed are ${keys.join(', ')}`}.`;
  const what = error.data === null ? 'The file is empty.' : 'The file holds no keys.';
  return places.errorAt(places.valuePlace([]), 'RC_CONFIG_INVALID', what, mend);
}

function requiredKeys(error: ErrorObject): readonly string[] {
  return (error.parentSchema as { required?: readonly string[] } | undefined)?.required ?? [];
}

function knownKeys(error: ErrorObject): string[] {
  return Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {});
}

function errorOf(places: Places, error: ErrorObject): RollcallError {
  const path = pathOfPointer(error.instancePath);
  if (error.keyword === 'additionalProperties') return unknownKey(places, path, error);
  if (error.propertyName !== undefined) {
    const place = places.keyPlace([...path, error.propertyName]);
    const what = `The name "${error.propertyName}" cannot be used.`;
    return places.errorAt(
      place,
      'RC_CONFIG_INVALID',
      what,
      helpOf(error) ?? 'Use small letters, digits and hyphens, a letter first.',
    );
  }
  if (error.keyword === 'required') {
    const key = (error.params as { missingProperty: string }).missingProperty;
    const what = `The key "${key}" is missing${path.length === 0 ? '' : ` in ${path.join('.')}`}.`;
    return places.errorAt(places.keyPlace(path), 'RC_CONFIG_MISSING_KEY', what, `Write ${key}: and its value.`);
  }
  const subject = path.length === 0 ? 'The file' : `The value of ${path.join('.')}`;
  if (isSecret(error)) {
    const what = `${subject} must be a reference to the secret, never the secret itself.`;
    return places.errorAt(
      places.valuePlace(path),
      'RC_SECRET_LITERAL',
      what,
      'Write env:NAME or file:PATH, and put the secret there.',
    );
  }
  if (path.length === 0 && error.keyword === 'type') return noKeys(places, error);
  return places.errorAt(places.valuePlace(path), 'RC_CONFIG_INVALID', `${subject} ${complaint(error)}.`, mendOf(error));
}

function unknownKey(places: Places, path: readonly string[], error: ErrorObject): RollcallError {
  const key = (error.params as { additionalProperty: string }).additionalProperty;
  const place = places.keyPlace([...path, key]);
  return places.errorAt(place, 'RC_CONFIG_UNKNOWN_KEY', `Unknown key "${key}".`, didYouMean(key, knownKeys(error)));
}

function isSecret(error: ErrorObject): boolean {
  return (error.parentSchema as { secret?: unknown } | undefined)?.secret === true;
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
  if (error.keyword === 'uniqueItems') return 'names something twice';
  return isChoice(error) ? choiceWords(error).complaint : (error.message ?? 'is not allowed');
}

function mendOf(error: ErrorObject): string {
  const written = typeof error.data === 'string' ? nearestName(error.data, allowedOf(error)) : null;
  if (written !== null) return `Did you mean "${written}"?`;
  const isUnquoted =
    error.keyword === 'type' &&
    (error.params as { type?: unknown }).type === 'string' &&
    typeof error.data !== 'object';
  if (isUnquoted) return 'Put it in quotes.';
  const choiceMend = isChoice(error) ? choiceWords(error).mend : null;
  return choiceMend ?? helpOf(error) ?? 'Change the value.';
}

function helpOf(error: ErrorObject): string | null {
  const help = (error.parentSchema as { description?: unknown } | undefined)?.description;
  return typeof help === 'string' ? help : null;
}
