import type { Schema } from '../model/catalogue.js';

const tableValue: Schema = { type: ['string', 'number', 'boolean', 'null'] };

const expression: Schema = {
  type: ['string', 'number', 'boolean', 'null'],
  description: 'A JSONata expression as a text; put it in quotes where it contains "{", "[", ": " or " #".',
};

/** JSON Schema of a mapping file, for the attributes given. */
export function mappingSchema(attributes: Iterable<string> | null): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Rollcall mapping',
    type: 'object',
    additionalProperties: false,
    required: ['mapping', 'kind', 'sourceId', 'attributes'],
    properties: {
      mapping: {
        type: 'string',
        pattern: '^[a-z][a-z0-9-]*$',
        description: 'Its name: small letters, digits and hyphens.',
      },
      kind: { enum: ['user', 'group'], description: 'What a record stands for.' },
      sourceId: {
        ...expression,
        description: 'An expression for the identifier that the source promises never to change.',
      },
      attributes: attributesSchema(attributes),
      tables: {
        type: 'object',
        description: 'Tables for $lookup($name, key); a key that a table lacks makes the attribute unknown.',
        propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
        additionalProperties: { type: 'object', additionalProperties: tableValue },
      },
    },
  };
}

/** For the check any name goes: unknown ones have an error of their own. */
function attributesSchema(attributes: Iterable<string> | null): Schema {
  const description = 'One expression an attribute.';
  if (attributes === null) return { type: 'object', minProperties: 1, additionalProperties: expression, description };
  return {
    type: 'object',
    minProperties: 1,
    additionalProperties: false,
    properties: Object.fromEntries([...attributes].map((name) => [name, expression])),
    patternProperties: { '^custom\\.': expression },
    description,
  };
}
