import type { JsonSchema } from './schemas/words.js';

/** A text of a path or a query: PostgreSQL's texts have no NUL, and nobody needs one. */
function textParameter(description: string): JsonSchema {
  return { type: 'string', minLength: 1, maxLength: 1_024, pattern: String.raw`^[^\u0000]*$`, description };
}

export const INSTANT = textParameter('ISO 8601 instant with a zone, such as 2026-03-09T08:00:00Z.');
export const TENANT = textParameter('Name of a tenant.');
export const WHO = textParameter(
  'A person: a usr- id, DIRECTORY:SOURCEID, or userName=…, employeeNumber=…, email=…; percent-encoded.',
);
export const GROUP = textParameter('A group: a grp- id, its display name, or DIRECTORY:NAME.');
export const NAME = textParameter('A name.');
export const ID = textParameter('An id.');
export const ALL: JsonSchema = { type: 'boolean', default: false, description: 'What is closed or over, too.' };

/** Parameters of a page. */
export const PAGE: Readonly<Record<string, JsonSchema>> = {
  limit: { type: 'integer', minimum: 1, maximum: 1_000, default: 100, description: 'At most so many items.' },
  after: { ...textParameter('"next" of the page before, with the same filters.'), maxLength: 4_096 },
};

/** PostgreSQL's integers end here. */
export const LAST_SEQUENCE = 2_147_483_647;

/** Nothing but these parameters: a mistyped one is an error, not everything. */
export function parameters(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = [],
): JsonSchema {
  return {
    type: 'object',
    additionalProperties: false,
    properties,
    ...(required.length === 0 ? {} : { required }),
  };
}
