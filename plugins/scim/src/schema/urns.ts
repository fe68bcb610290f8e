/** Names of schemas and messages. Source: RFC 7643 section 8.7, RFC 7644 section 8.2. */
export const USER_URN = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP_URN = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE_URN = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const SCHEMA_URN = 'urn:ietf:params:scim:schemas:core:2.0:Schema';
export const RESOURCE_TYPE_URN = 'urn:ietf:params:scim:schemas:core:2.0:ResourceType';
export const PROVIDER_CONFIG_URN = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig';
export const LIST_URN = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
export const ERROR_URN = 'urn:ietf:params:scim:api:messages:2.0:Error';

const LEGACY: ReadonlyMap<string, string> = new Map([
  ['urn:scim:schemas:core:1.0', ''],
  ['urn:scim:schemas:core:1.0:user', USER_URN],
  ['urn:scim:schemas:core:1.0:group', GROUP_URN],
  ['urn:scim:schemas:extension:enterprise:1.0', ENTERPRISE_URN],
  ['urn:scim:schemas:extension:enterprise:1.0:user', ENTERPRISE_URN],
]);

/**
 * The name that a schema of SCIM 1.x has today; any other name as it is. The core of 1.0 has one name for users and
 * groups: an empty text, which stands for the core of whatever is at hand.
 */
export function currentUrn(urn: string): string {
  return LEGACY.get(urn.toLowerCase()) ?? urn;
}
