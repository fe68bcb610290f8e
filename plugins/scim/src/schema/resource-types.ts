import type { RecordKind } from '@rollcall/connector-kit';
import { attribute, complex, type AttributeDefinition, type SchemaDefinition } from './definition.js';
import { enterpriseSchema } from './enterprise.js';
import { groupSchema } from './group.js';
import { userSchema } from './user.js';

/** What a kind of resource is made of and where it is served. */
export interface ResourceType {
  readonly kind: RecordKind;
  readonly name: 'User' | 'Group';
  readonly endpoint: '/Users' | '/Groups';
  readonly description: string;
  readonly schema: SchemaDefinition;
  readonly extensions: readonly SchemaDefinition[];
}

export const userType: ResourceType = {
  kind: 'user',
  name: 'User',
  endpoint: '/Users',
  description: 'Users',
  schema: userSchema,
  extensions: [enterpriseSchema],
};

export const groupType: ResourceType = {
  kind: 'group',
  name: 'Group',
  endpoint: '/Groups',
  description: 'Groups',
  schema: groupSchema,
  extensions: [],
};

export const resourceTypes: readonly ResourceType[] = [userType, groupType];

/** The attributes that every resource has (RFC 7643 section 3.1). They are not part of a served schema. */
export const commonAttributes: readonly AttributeDefinition[] = [
  attribute('id', 'Issued by the service provider.', { caseExact: true, mutability: 'readOnly', returned: 'always' }),
  attribute('externalId', 'Issued by the client.', { caseExact: true }),
  attribute('schemas', 'The schemas of the resource.', {
    multiValued: true,
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    type: 'reference',
  }),
  complex(
    'meta',
    'About the resource.',
    [
      attribute('resourceType', 'User or Group.', { caseExact: true, mutability: 'readOnly' }),
      attribute('created', 'When it was created.', { type: 'dateTime', mutability: 'readOnly' }),
      attribute('lastModified', 'When it was changed last.', { type: 'dateTime', mutability: 'readOnly' }),
      attribute('location', 'Its address.', { caseExact: true, mutability: 'readOnly', type: 'reference' }),
      attribute('version', 'Its entity tag.', { caseExact: true, mutability: 'readOnly' }),
    ],
    { mutability: 'readOnly' },
  ),
];
