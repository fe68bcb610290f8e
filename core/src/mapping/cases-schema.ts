import type { Schema } from '../model/catalogue.js';

/** JSON Schema of a file with the cases of a mapping. */
export const casesSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Rollcall mapping cases',
  type: 'object',
  additionalProperties: false,
  required: ['cases'],
  properties: {
    cases: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'given'],
        anyOf: [{ required: ['expect'] }, { required: ['error'] }],
        properties: {
          name: { type: 'string', minLength: 1, description: 'What the case shows, as a sentence.' },
          given: { type: 'object', description: 'A record as the source shows it; an empty cell is an empty text.' },
          sourceId: { type: 'string', description: 'The identifier that must come out.' },
          expect: {
            type: 'object',
            description:
              'All claims that must come out, by their names or nested; what is not here must not be claimed.',
          },
          error: {
            type: 'object',
            additionalProperties: false,
            required: ['attribute', 'code'],
            description: 'The attribute that must be unknown, and why.',
            properties: { attribute: { type: 'string' }, code: { type: 'string', pattern: '^RC_[A-Z_]+$' } },
          },
        },
      },
    },
  },
};
