import { attribute, complex, type SchemaDefinition } from './definition.js';
import { GROUP_URN } from './urns.js';

const members = complex(
  'members',
  'The direct members.',
  [
    attribute('value', 'The id of the member.', { mutability: 'immutable', caseExact: true }),
    attribute('$ref', 'The address of the member.', {
      type: 'reference',
      referenceTypes: ['User', 'Group'],
      mutability: 'immutable',
      caseExact: true,
    }),
    attribute('type', 'User or Group.', { mutability: 'immutable', canonicalValues: ['User', 'Group'] }),
  ],
  { multiValued: true },
);

/** The core schema of groups. Source: RFC 7643 sections 4.2 and 8.7.1. */
export const groupSchema: SchemaDefinition = {
  id: GROUP_URN,
  name: 'Group',
  description: 'A group of the directory.',
  attributes: [attribute('displayName', 'The name of the group.', { required: true }), members],
};
