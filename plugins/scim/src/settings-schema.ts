import type { JsonSchema } from '@rollcall/connector-kit';

/** The settings of a directory that a provider pushes to. */
export const settingsSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'SCIM 2.0',
  type: 'object',
  additionalProperties: false,
  properties: {
    conflicts: {
      enum: ['reactivate', 'strict'],
      default: 'reactivate',
      title: 'Create of somebody inactive',
      description:
        'What a create answers that names somebody who is there and inactive: reactivate makes them active again, strict answers 409.',
    },
    accept: {
      enum: ['negotiate', 'application/scim+json', 'application/json'],
      default: 'negotiate',
      title: 'Type of the answers',
      description:
        'negotiate goes by the Accept header; the others are sent whatever it says (OneLogin: application/json).',
    },
  },
};
