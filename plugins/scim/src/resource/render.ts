import type { JsonObject } from '@rollcall/connector-kit';
import { GROUP_URN, USER_URN } from '../schema/urns.js';
import type { GroupReference, Member, StoredResource } from '../store.js';

/** What stands in other rows than the resource's own. */
export interface Surroundings {
  readonly baseUrl: string;
  /** Left out where the answer does not show them. */
  readonly groups?: readonly GroupReference[];
  readonly members?: readonly Member[];
}

/** The entity tag of a version: weak, since the text of an answer depends on the projection (RFC 7644 section 3.14). */
export function entityTag(version: number): string {
  return `W/"${version}"`;
}

/** The address of a resource. */
export function locationOf({ kind, id }: Pick<StoredResource, 'kind' | 'id'>, baseUrl: string): string {
  return `${baseUrl}/${kind === 'user' ? 'Users' : 'Groups'}/${encodeURIComponent(id)}`;
}

/** A resource as clients see it. Members that are not there yet are not shown. */
export function render(stored: StoredResource, surroundings: Surroundings): JsonObject {
  const { baseUrl, groups, members } = surroundings;
  const extensions = Object.keys(stored.resource).filter((key) => /^urn:/i.test(key));
  return {
    schemas: [stored.kind === 'user' ? USER_URN : GROUP_URN, ...extensions],
    id: stored.id,
    ...stored.resource,
    ...(groups === undefined || groups.length === 0 ? {} : { groups: groups.map((group) => groupOf(group, baseUrl)) }),
    ...(members === undefined ? {} : { members: members.flatMap((member) => memberOf(member, baseUrl)) }),
    meta: {
      resourceType: stored.kind === 'user' ? 'User' : 'Group',
      created: stored.created.toISOString(),
      lastModified: stored.lastModified.toISOString(),
      location: locationOf(stored, baseUrl),
      version: entityTag(stored.version),
    },
  };
}

function groupOf({ id, displayName }: GroupReference, baseUrl: string): JsonObject {
  return { value: id, $ref: locationOf({ kind: 'group', id }, baseUrl), display: displayName, type: 'direct' };
}

function memberOf({ id, kind }: Member, baseUrl: string): JsonObject[] {
  if (kind === null) return [];
  return [{ value: id, $ref: locationOf({ kind, id }, baseUrl), type: kind === 'user' ? 'User' : 'Group' }];
}
