import type { ConsumerDirectory, ConsumerGroup, ConsumerUser, Json, JsonObject } from '@rollcall/core';
import { customAttributes, emailsOf, type Attributes } from './custom-attributes.js';
import { directoryType } from './directory-type.js';
import { directoryId, organizationId, shownId } from './ids.js';

/** What a user's body is made of: the person as they are now, or as an event tells them. */
export interface ShownUser extends Omit<ConsumerUser, 'groups' | 'mergedInto' | 'attributes'> {
  attributes: Attributes;
}

/** A `directory_user` without its groups, as events carry it. */
export interface UserBody extends JsonObject {
  object: 'directory_user';
  id: string;
  custom_attributes: JsonObject;
}

/** A `directory_group`. */
export interface GroupBody extends JsonObject {
  object: 'directory_group';
  id: string;
}

/** Somebody as `directory_user`. The keys of version 7 of the SDK stand at the end. */
export function userBody(user: ShownUser): UserBody {
  const { attributes } = user;
  const emails = emailsOf(attributes.emails) ?? [];
  return {
    object: 'directory_user',
    id: shownId('user', user.id),
    directory_id: directoryId(user.tenant),
    organization_id: organizationId(user.tenant),
    idp_id: user.idpId,
    email: primaryOf(emails),
    first_name: attributes['name.givenName'] ?? null,
    last_name: attributes['name.familyName'] ?? null,
    name: fullName(attributes),
    state: stateOf(user),
    custom_attributes: customAttributes(attributes, user.managerEmail),
    raw_attributes: user.raw,
    emails,
    job_title: attributes.title ?? null,
    username: attributes.userName ?? null,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
  };
}

/** Somebody with the groups that they are in. */
export function userWithGroups(user: ConsumerUser): UserBody {
  return { ...userBody(user), groups: user.groups.map(groupBody) };
}

/** `suspended` where the source says so; everybody else who is not active is `inactive`. */
function stateOf({ active, reason }: Pick<ShownUser, 'active' | 'reason'>): string {
  if (active) return 'active';
  return reason === 'suspended' ? 'suspended' : 'inactive';
}

function primaryOf(emails: Json): Json {
  const all = emails as JsonObject[];
  return (all.find(({ primary }) => primary === true) ?? all[0])?.value ?? null;
}

function fullName(attributes: Attributes): Json {
  const parts = [attributes['name.givenName'], attributes['name.familyName']];
  const joined = parts.filter((part) => typeof part === 'string').join(' ');
  return attributes.displayName ?? attributes['name.formatted'] ?? (joined === '' ? null : joined);
}

/** A group as `directory_group`. */
export function groupBody(group: ConsumerGroup): GroupBody {
  return {
    object: 'directory_group',
    id: shownId('group', group.id),
    idp_id: group.idpId,
    directory_id: directoryId(group.tenant),
    organization_id: organizationId(group.tenant),
    name: group.displayName,
    raw_attributes: group.raw,
    created_at: group.createdAt,
    updated_at: group.updatedAt,
  };
}

/** The codes of runs that fail until somebody mends the credentials. */
const CREDENTIALS = new Set(['RC_AUTHENTICATION_FAILED', 'RC_PERMISSION_MISSING']);

/** A tenant's directories as one `directory`. WorkOS's `domain` is left out: Rollcall knows of none. */
export function directoryBody(directory: ConsumerDirectory, genericType: boolean): JsonObject & { id: string } {
  return {
    object: 'directory',
    id: directoryId(directory.tenant),
    organization_id: organizationId(directory.tenant),
    external_key: directory.tenant,
    type: directoryType(directory, genericType),
    state: directoryState(directory),
    name: directory.name,
    metadata: { users: directory.users, groups: directory.groups },
    created_at: directory.createdAt,
    updated_at: directory.updatedAt,
  };
}

/** `validating` while nothing but a draft or a shadow is there; the API's words, not those of events. */
function directoryState({ sources, failure }: ConsumerDirectory): string {
  if (!sources.some(({ mode }) => mode === 'live'))
    return sources.some(({ mode }) => mode !== 'retired') ? 'validating' : 'unlinked';
  return CREDENTIALS.has(failure ?? '') ? 'invalid_credentials' : 'linked';
}
