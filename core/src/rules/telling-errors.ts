import type { ErrorObject } from 'ajv/dist/2020.js';

/**
 * Leaves those of Ajv's errors that tell a person something. Where a value may have one of several forms, Ajv
 * complains about each of them; here only the form that was meant speaks, or the choice itself.
 */
export function tellingErrors(errors: readonly ErrorObject[]): ErrorObject[] {
  const choice = errors
    .filter((error) => error.keyword === 'oneOf' || error.keyword === 'anyOf')
    .sort((a, b) => a.schemaPath.length - b.schemaPath.length)[0];
  if (choice === undefined) return errors.filter((error) => !WRAPPERS.has(error.keyword));
  const inside = errors.filter((error) => error.schemaPath.startsWith(`${choice.schemaPath}/`));
  const others = errors.filter((error) => error !== choice && !inside.includes(error));
  return [...tellingErrors(others), ...choiceErrors(choice, inside)];
}

/** Keywords that only repeat what the keywords inside them say. */
const WRAPPERS = new Set(['allOf', 'if', 'propertyNames']);

function choiceErrors(choice: ErrorObject, inside: readonly ErrorObject[]): ErrorObject[] {
  const forms = choice.schema as readonly Readonly<Record<string, unknown>>[];
  const byForm = forms.map((_, position) =>
    inside.filter((error) => error.schemaPath.startsWith(`${choice.schemaPath}/${position}/`)),
  );
  const meant = byForm.find((errors) => errors.length > 0 && !errors.some((error) => isMisfit(error, choice)));
  if (meant !== undefined) return tellingErrors(meant);
  const strangers = strangeKeys(choice, inside, forms);
  return strangers.length > 0 ? strangers : [choice];
}

/** An error of the value itself, not of something inside it: another form was meant. */
function isMisfit(error: ErrorObject, choice: ErrorObject): boolean {
  return error.instancePath === choice.instancePath && error.keyword !== 'oneOf' && error.keyword !== 'anyOf';
}

/** Keys that no form knows, each once, with the keys of all forms as what is known. */
function strangeKeys(
  choice: ErrorObject,
  inside: readonly ErrorObject[],
  forms: readonly Readonly<Record<string, unknown>>[],
): ErrorObject[] {
  const properties: Record<string, unknown> = Object.assign(
    {},
    ...forms.map((form) => form.properties ?? {}),
  ) as Record<string, unknown>;
  const found = new Map<string, ErrorObject>();
  for (const error of inside) {
    const key = (error.params as { additionalProperty?: string }).additionalProperty;
    if (key === undefined || error.instancePath !== choice.instancePath || Object.hasOwn(properties, key)) continue;
    found.set(key, { ...error, parentSchema: { properties } });
  }
  return [...found.values()];
}
