import type { Schema } from '../model/catalogue.js';

/** A value that must be a reference to a secret. */
export const secretReference = (description: string): Schema => ({
  type: 'string',
  pattern: '^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$',
  secret: true,
  description: `${description} A reference: env:NAME or file:PATH.`,
});

/** JSON Schema of `rollcall.config.yaml`. */
export const configurationSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Rollcall project',
  type: 'object',
  additionalProperties: false,
  required: ['version', 'store', 'secretKey'],
  properties: {
    version: { const: 1, description: 'The version of this file format: 1.' },
    store: {
      type: 'object',
      description: 'Where everything is kept: { client: sqlite3, file: PATH } or { client: pg, url: env:NAME }.',
      required: ['client'],
      oneOf: [
        {
          type: 'object',
          additionalProperties: false,
          required: ['client', 'file'],
          properties: {
            client: { const: 'sqlite3' },
            file: { type: 'string', minLength: 1, description: 'The database file; it is made when it is not there.' },
          },
        },
        {
          type: 'object',
          additionalProperties: false,
          required: ['client', 'url'],
          properties: {
            client: { const: 'pg' },
            url: secretReference('The address of the PostgreSQL database.'),
            schema: {
              type: 'string',
              minLength: 1,
              maxLength: 63,
              description: 'The schema of the tables; public when left out.',
            },
          },
        },
      ],
    },
    secretKey: secretReference('The key that protects secrets at rest: 32 bytes, base64.'),
    plugins: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      uniqueItems: true,
      description: "Connector packages beside those found in the project's package.json.",
    },
    webhooks: {
      type: 'object',
      additionalProperties: false,
      description: 'How events are sent to webhook endpoints.',
      properties: {
        allowHosts: {
          type: 'array',
          items: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[^\\s/@]+$' },
          uniqueItems: true,
          description:
            'Hosts of your own, HOST or HOST:PORT, to which events may be sent by http, to any port and to private addresses.',
        },
      },
    },
    tenants: {
      type: 'string',
      minLength: 1,
      description: 'A folder with one NAME.yaml a tenant; tenants when left out.',
    },
  },
};
