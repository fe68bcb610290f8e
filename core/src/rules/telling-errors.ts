import type { ErrorObject } from 'ajv/dist/2020.js';
import { taggedForm } from './choice-words.js';

type Form = Readonly<Record<string, unknown>>;

/**
 * Leaves those of Ajv's errors that tell a person something. Where a value may have one of several forms, Ajv
 * complains about each of them; here only the form that was meant speaks, or the choice itself.
 */
export function tellingErrors(errors: readonly ErrorObject[]): ErrorObject[] {
  const choice = errors.filter(isChoice).sort((a, b) => a.instancePath.length - b.instancePath.length)[0];
  if (choice === undefined) return errors.filter((error) => !WRAPPERS.has(error.keyword));
  const inside = errors.filter((error) => error !== choice && isInside(error, choice));
  const others = errors.filter((error) => error !== choice && !inside.includes(error));
  return [...tellingErrors(others), ...choiceErrors(choice, inside)];
}

/** Keywords that only repeat what the keywords inside them say. */
const WRAPPERS = new Set(['allOf', 'if', 'propertyNames']);

/** True for an error that says: none of these forms. */
export function isChoice(error: ErrorObject): boolean {
  return error.keyword === 'oneOf' || error.keyword === 'anyOf';
}

/** An error of one of the forms: below the choice in the schema, or in a definition to which a form refers. */
function isInside(error: ErrorObject, choice: ErrorObject): boolean {
  if (error.schemaPath.startsWith(`${choice.schemaPath}/`)) return true;
  const isBelow =
    error.instancePath === choice.instancePath || error.instancePath.startsWith(`${choice.instancePath}/`);
  const around = choice.schemaPath.slice(0, choice.schemaPath.lastIndexOf('/'));
  const isElsewhere = !error.schemaPath.startsWith(`${around}/`) || isDefinition(error);
  return isBelow && isElsewhere && !isDefinition(choice);
}

function isDefinition(error: ErrorObject): boolean {
  return error.schemaPath.startsWith('#/$defs/');
}

function choiceErrors(choice: ErrorObject, inside: readonly ErrorObject[]): ErrorObject[] {
  const forms = choice.schema as readonly Form[];
  const byForm = forms.map((_, at) =>
    inside.filter(({ schemaPath }) => schemaPath.startsWith(`${choice.schemaPath}/${at}/`)),
  );
  const referred = inside.filter((error) => !byForm.some((errors) => errors.includes(error)));
  const fits = (errors: readonly ErrorObject[]): boolean =>
    errors.length + referred.length > 0 && !errors.some((error) => isMisfit(error, choice));
  const meant = byForm[taggedForm(choice)] ?? byForm.find(fits);
  if (meant !== undefined) return tellingErrors([...meant, ...referred]);
  const strangers = strangeKeys(choice, inside, forms);
  return strangers.length > 0 ? strangers : [choice];
}

/** An error of the value itself or of the word that tells the forms apart: another form was meant. */
function isMisfit(error: ErrorObject, choice: ErrorObject): boolean {
  if (error.keyword === 'const') return error.instancePath.startsWith(choice.instancePath);
  return error.instancePath === choice.instancePath && !isChoice(error);
}

/** Keys that no form knows, each once, with the keys of all forms as what is known. */
function strangeKeys(choice: ErrorObject, inside: readonly ErrorObject[], forms: readonly Form[]): ErrorObject[] {
  const properties = Object.assign({}, ...forms.map((form) => form.properties ?? {})) as Record<string, unknown>;
  const found = new Map<string, ErrorObject>();
  for (const error of inside) {
    const key = (error.params as { additionalProperty?: string }).additionalProperty;
    if (key === undefined || error.instancePath !== choice.instancePath || Object.hasOwn(properties, key)) continue;
    found.set(key, { ...error, parentSchema: { properties } });
  }
  return [...found.values()];
}
