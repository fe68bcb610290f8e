import type { Schema } from '../model/catalogue.js';
import { GUARD_NAMES, type GuardLimit, type GuardName } from '../model/rules.js';

const names = (description: string): Schema => ({
  type: 'array',
  items: { type: 'string' },
  minItems: 1,
  uniqueItems: true,
  description,
});

const limit: Schema = {
  type: 'object',
  additionalProperties: false,
  description: 'Trips when count and percent are both reached.',
  properties: {
    count: { type: 'integer', minimum: 0, description: 'How many, a whole number.' },
    percent: { type: 'number', minimum: 0, maximum: 100, description: 'How many of a hundred.' },
  },
};

const deactivationLimit: Schema = {
  ...limit,
  properties: {
    ...(limit.properties as Record<string, Schema>),
    neverHold: { type: 'boolean', description: 'Deactivations that a source states are never held.' },
  },
};

const attributeRule: Schema = {
  type: 'object',
  additionalProperties: false,
  required: ['from'],
  properties: {
    from: names('Directories that speak for the attribute, the first one first; nobody else does.'),
    onConflict: {
      enum: ['log', 'ignore'],
      description: 'Whether a disagreement is listed: log (the default) or ignore.',
    },
    strategy: {
      enum: ['priority', 'union', 'vote'],
      description: 'Sets only: the whole set of the first directory (priority, the default) or all elements (union).',
    },
    maxAge: {
      type: 'string',
      pattern: '^[1-9][0-9]{0,5}[mhd]$',
      description: 'Older claims stand back behind fresher ones: such as 90m, 12h or 30d.',
    },
    require: names('On active only: directories without whose record a user is inactive.'),
  },
};

const correlationRule: Schema = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'on', 'certainty'],
  properties: {
    name: {
      type: 'string',
      minLength: 1,
      maxLength: 100,
      description: 'A name for people, such as "employee number".',
    },
    on: { type: 'string', description: 'An attribute of one value, or emails.primary.' },
    certainty: { enum: ['sure', 'probable'], description: 'sure joins records; probable only opens a review.' },
    sameDirectory: { type: 'boolean', description: 'Several records of one directory may share the key.' },
  },
};

/** JSON Schema of what stands under `rules:` and of a rules file. */
export const rulesSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Rollcall rules',
  type: 'object',
  additionalProperties: false,
  properties: {
    priority: names('Directories, the first one speaks first; serves attributes without a rule of their own.'),
    attributes: {
      type: 'object',
      additionalProperties: attributeRule,
      description: 'A rule for an attribute, by its name.',
    },
    correlation: {
      type: 'array',
      items: correlationRule,
      description: 'How records are recognised as the same person.',
    },
    lifecycle: {
      type: 'object',
      additionalProperties: false,
      properties: {
        create: names('Directories whose records may bring a user into being.'),
        preHireDays: {
          type: 'integer',
          minimum: 0,
          maximum: 366,
          description: 'Days before the start date at which a user becomes active.',
        },
        onLeave: {
          enum: ['abstain', 'deny'],
          description: 'What a leave says on active: nothing (abstain) or no (deny).',
        },
      },
    },
    guards: {
      type: 'object',
      additionalProperties: false,
      properties: {
        ...Object.fromEntries(GUARD_NAMES.map((name) => [name, name === 'deactivations' ? deactivationLimit : limit])),
        neverHold: { type: 'boolean', description: 'Deactivations that a source states are never held.' },
      },
    },
  },
};

/** A rules document as it was written. */
export interface WrittenRules {
  priority?: string[];
  attributes?: Record<string, WrittenAttributeRule>;
  correlation?: { name: string; on: string; certainty: 'sure' | 'probable'; sameDirectory?: boolean }[];
  lifecycle?: { create?: string[]; preHireDays?: number; onLeave?: 'abstain' | 'deny' };
  guards?: Partial<Record<GuardName, Partial<GuardLimit> & { neverHold?: boolean }>> & { neverHold?: boolean };
}

/** The rule of one attribute as it was written. */
export interface WrittenAttributeRule {
  from: string[];
  onConflict?: 'log' | 'ignore';
  strategy?: 'priority' | 'union' | 'vote';
  maxAge?: string;
  require?: string[];
}
