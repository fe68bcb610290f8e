import type { Schema } from '../model/catalogue.js';
import { INTERVAL_PATTERN, SCHEDULE_PATTERN } from '../model/schedules.js';

const NAME = { type: 'string', pattern: '^[a-z][a-z0-9-]*$', maxLength: 63 } as const;
const nameHelp = 'Small letters, digits and hyphens, a letter first.';

const mappingPath: Schema = {
  type: 'string',
  minLength: 1,
  description: 'A mapping file, or one that a package brings: @rollcall/mappings/hr-csv.',
};

const directory: Schema = {
  type: 'object',
  additionalProperties: false,
  required: ['connector', 'mappings'],
  properties: {
    connector: { type: 'string', minLength: 1, description: 'The name of the connector, such as csv.' },
    mode: {
      enum: ['draft', 'shadow', 'live'],
      description: 'draft reads nothing; shadow reads and only shows what would be; live (the default).',
    },
    settings: { type: 'object', description: "Checked against the connector's own schema." },
    mappings: {
      type: 'object',
      additionalProperties: false,
      minProperties: 1,
      properties: { user: mappingPath, group: mappingPath },
      description: 'A mapping per kind of record.',
    },
    privilegedGroups: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      uniqueItems: true,
      description: 'Groups that are read most often and guarded by themselves.',
    },
    schedule: {
      type: 'object',
      additionalProperties: false,
      properties: {
        full: {
          type: 'string',
          pattern: SCHEDULE_PATTERN,
          description:
            'When the whole directory is read: nightly, a time such as 02:30, an interval such as 15m, 6h, 1d, or off.',
        },
        delta: {
          type: 'string',
          pattern: INTERVAL_PATTERN,
          description: 'How often the stream of changes is read, where the connector has one: such as 5m, or off.',
        },
        push: {
          type: 'string',
          pattern: INTERVAL_PATTERN,
          description: 'How long a source that pushes may be silent before an alarm: such as 7d, or off.',
        },
        requestsPerDay: {
          type: 'integer',
          minimum: 1,
          description:
            'How many requests a day (UTC) the source is meant to be asked, all tiers together; more are reported.',
        },
      },
      description: 'When the service reads this directory by itself, by tier. Default: by what the connector can do.',
    },
  },
};

/**
 * JSON Schema of a tenant file.
 *
 * @param rules - the schema of what stands under `rules:`; true where the rules are checked by themselves.
 */
export function tenantSchema(rules: Schema | true): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Rollcall tenant',
    type: 'object',
    additionalProperties: false,
    required: ['tenant', 'timeZone', 'directories'],
    properties: {
      tenant: { ...NAME, description: `The name of the tenant and of its file. ${nameHelp}` },
      name: { type: 'string', minLength: 1, description: 'A name for people.' },
      timeZone: { type: 'string', description: 'An IANA zone such as Europe/Berlin: in it days begin and end.' },
      custom: {
        type: 'object',
        propertyNames: {
          pattern: '^[A-Za-z][A-Za-z0-9_]*$',
          description: 'Use letters, digits and underscores, a letter first.',
        },
        additionalProperties: { type: 'object' },
        description: 'JSON Schema of each attribute custom.NAME.',
      },
      identityDirectory: {
        ...NAME,
        description:
          'The directory whose ids consumers join people by (idp_id). Default: the first that speaks for groups.',
      },
      directories: {
        type: 'object',
        propertyNames: { ...NAME, description: nameHelp },
        additionalProperties: directory,
        description: 'What the people of this tenant are read from. The order is the order of runs.',
      },
      rules:
        rules === true
          ? { type: ['object', 'string', 'null'] }
          : {
              anyOf: [{ type: 'string', description: 'A file with the rules.' }, rules],
              description: 'The rules, or a file with them.',
            },
    },
  };
}
