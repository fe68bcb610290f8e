import type { Belief, GroupBelief, UserBelief } from '../belief/belief.js';
import type { JsonObject } from '../scim/json.js';
import { GROUP } from '../scim/urns.js';
import type { DialectContext } from './dialect.js';
import { at, known, patchOf, quoted, remove } from './resources.js';

type Context = Pick<DialectContext, 'client' | 'belief'>;

/** The provider renames its group; what is sent of it is the dialect's. */
export function renamed(belief: Belief, key: string, name: string): GroupBelief {
  const group = belief.group(key);
  group.name = name;
  group.attributes = { ...group.attributes, displayName: name };
  return group;
}

/** Members as most send them: nothing but the id. */
export function idsOf(belief: Belief, keys: readonly string[]): JsonObject[] {
  return keys.map((key) => ({ value: belief.idOf(key) }));
}

/** Members taken out as RFC 7644 has it: one operation each, by filter. */
export function removalsOf(belief: Belief, keys: readonly string[]): JsonObject[] {
  return keys.map((key) => ({ op: 'remove', path: `members[value eq ${quoted(belief.idOf(key) ?? '')}]` }));
}

export async function patchGroup({ client }: Context, group: GroupBelief, ...operations: JsonObject[]): Promise<void> {
  await sendToGroup({ client }, group, patchOf(...operations));
}

/** A PATCH whose body is not a PatchOp, as SCIM 1.1 had it. */
export async function sendToGroup(
  { client }: Pick<Context, 'client'>,
  group: GroupBelief,
  body: JsonObject,
): Promise<void> {
  await client.request('PATCH', at('Groups', known(group.id, `The group ${group.key}`)), { body });
}

/** A PUT of the whole group with the members that `isSent` lets through. */
export async function putGroup(
  { client, belief }: Context,
  group: GroupBelief,
  membersOf: (keys: readonly string[]) => JsonObject[],
  isSent?: (user: UserBelief) => boolean,
): Promise<void> {
  const keys = belief.showMembers(group, isSent);
  const id = known(group.id, `The group ${group.key}`);
  const body = { schemas: [GROUP], id, displayName: group.name, members: membersOf(keys) };
  await client.request('PUT', at('Groups', id), { body });
}

export async function dropGroup({ client, belief }: Context, key: string): Promise<void> {
  const id = known(belief.group(key).id, `The group ${key}`);
  belief.removeGroup(key);
  await remove(client, 'Groups', id);
}
