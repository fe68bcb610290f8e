import type { JsonObject } from '@rollcall/connector-kit';
import type { Filter } from '../filter/ast.js';
import { memberIdsIn, mentions } from '../filter/mentions.js';
import { project, shows, type Projection } from '../resource/projection.js';
import { render } from '../resource/render.js';
import type { ResourceType } from '../schema/resource-types.js';
import type { Member, ScimReading, StoredResource } from '../store.js';
import { allMembers } from './all-members.js';

/** Resources as clients see them, with what the projection shows of groups and members, and without reading more. */
export async function showAll(
  reading: ScimReading,
  stored: readonly StoredResource[],
  { projection, baseUrl }: { projection: Projection; baseUrl: string },
): Promise<JsonObject[]> {
  const users = stored.filter(({ kind }) => kind === 'user').map(({ id }) => id);
  const groups =
    users.length > 0 && shows(projection, 'groups') ? await reading.groupsOf(users) : new Map<string, never[]>();
  const documents: JsonObject[] = [];
  for (const one of stored) {
    const isGroup = one.kind === 'group' && shows(projection, 'members');
    const surroundings = isGroup
      ? { baseUrl, members: await allMembers(reading, one.id) }
      : { baseUrl, groups: groups.get(one.id) ?? [] };
    documents.push(project(render(one, surroundings), projection));
  }
  return documents;
}

/** Resources with all that a filter asks for, in the same order. */
export async function viewsFor(
  reading: ScimReading,
  stored: readonly StoredResource[],
  { filter, type }: { filter: Filter; type: ResourceType },
): Promise<JsonObject[]> {
  const ids = stored.map(({ id }) => id);
  if (type.kind === 'user') {
    const groups = mentions(filter, 'groups', type) ? await reading.groupsOf(ids) : new Map<string, never[]>();
    return stored.map((one) => render(one, { baseUrl: '', groups: groups.get(one.id) ?? [] }));
  }
  if (!mentions(filter, 'members', type)) return stored.map((one) => render(one, { baseUrl: '' }));
  const members = await membersFor(reading, ids, memberIdsIn(filter, type));
  return stored.map((one) => render(one, { baseUrl: '', members: members.get(one.id) ?? [] }));
}

async function membersFor(
  reading: ScimReading,
  groupIds: readonly string[],
  memberIds: readonly string[] | undefined,
): Promise<ReadonlyMap<string, readonly Member[]>> {
  const members = new Map<string, readonly Member[]>();
  if (memberIds === undefined) {
    for (const id of groupIds) members.set(id, await allMembers(reading, id));
    return members;
  }
  const among = await reading.membersAmong(groupIds, memberIds);
  for (const [id, found] of among) {
    members.set(
      id,
      found.map((member) => ({ id: member, kind: 'user' })),
    );
  }
  return members;
}
