import type { Json, JsonObject } from '@rollcall/connector-kit';
import { CURSOR_SECONDS } from '../listing/cursor.js';
import { DEFAULT_PAGE, LARGEST_PAGE } from '../listing/page-request.js';
import type { AttributeDefinition, SchemaDefinition } from './definition.js';
import { resourceTypes, type ResourceType } from './resource-types.js';
import { PROVIDER_CONFIG_URN, RESOURCE_TYPE_URN, SCHEMA_URN } from './urns.js';

/** All schemas that are served. */
export const schemas: readonly SchemaDefinition[] = resourceTypes.flatMap(({ schema, extensions }) => [
  schema,
  ...extensions,
]);

/** A schema as served at /Schemas (RFC 7643 section 7). */
export function schemaDocument(schema: SchemaDefinition, baseUrl: string): JsonObject {
  const { id, name, description, attributes } = schema;
  const location = `${baseUrl}/Schemas/${id}`;
  const meta = { resourceType: 'Schema', location };
  return { schemas: [SCHEMA_URN], id, name, description, attributes: attributes.map(attributeDocument), meta };
}

function attributeDocument({ subAttributes, canonicalValues, referenceTypes, ...rest }: AttributeDefinition): Json {
  return {
    ...rest,
    ...(canonicalValues === undefined ? {} : { canonicalValues: [...canonicalValues] }),
    ...(referenceTypes === undefined ? {} : { referenceTypes: [...referenceTypes] }),
    ...(subAttributes === undefined ? {} : { subAttributes: subAttributes.map(attributeDocument) }),
  };
}

/** A resource type as served at /ResourceTypes (RFC 7643 section 6). */
export function resourceTypeDocument(type: ResourceType, baseUrl: string): JsonObject {
  const { name, endpoint, description, schema, extensions } = type;
  return {
    schemas: [RESOURCE_TYPE_URN],
    id: name,
    name,
    endpoint,
    description,
    schema: schema.id,
    schemaExtensions: extensions.map(({ id }) => ({ schema: id, required: false })),
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/${name}` },
  };
}

/** What this service provider can do (RFC 7643 section 5, RFC 9865 section 3). Every word of it is kept. */
export function providerConfigDocument(baseUrl: string): JsonObject {
  return {
    schemas: [PROVIDER_CONFIG_URN],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: LARGEST_PAGE },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    pagination: {
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: DEFAULT_PAGE,
      maxPageSize: LARGEST_PAGE,
      cursorTimeout: CURSOR_SECONDS,
    },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'A bearer token of the directory',
        specUri: 'https://www.rfc-editor.org/info/rfc6750',
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}/ServiceProviderConfig` },
  };
}
