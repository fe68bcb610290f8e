import type { JsonObject, RecordKind } from '@rollcall/connector-kit';
import type { IndexKey, Member, ScimStore, ScimUnit, StoredResource } from '@rollcall/connector-scim';

export const AT = new Date('2026-03-09T08:00:00.000Z');
export const LATER = new Date('2026-03-09T08:00:07.123Z');

export const key = (attribute: IndexKey['attribute'], form: string): IndexKey => ({ attribute, form });

/** Writes a resource in a unit. */
export function insert(
  unit: ScimUnit,
  id: string,
  more: { kind?: RecordKind; resource?: JsonObject; keys?: IndexKey[]; formerId?: string } = {},
): Promise<StoredResource> {
  const { kind = 'user', resource = kind === 'user' ? { userName: id } : { displayName: id }, formerId = null } = more;
  const keys = more.keys ?? [kind === 'user' ? key('userName', id) : key('displayName', id)];
  const cause = formerId === null ? 'scim.created' : 'scim.recreated';
  return unit.insert({ kind, id, resource, keys, at: AT, cause, formerId });
}

export function users(store: ScimStore, ...ids: string[]): Promise<void> {
  return store.write(async (unit) => {
    for (const id of ids) await insert(unit, id);
  });
}

export function group(store: ScimStore, id: string, members: Member[]): Promise<number> {
  return store.write(async (unit) => {
    await insert(unit, id, { kind: 'group' });
    return unit.addMembers(id, members, AT);
  });
}

export const idsOf = (found: readonly { id: string }[]): string[] => found.map(({ id }) => id);
export const member = (id: string, kind: RecordKind | null = 'user'): Member => ({ id, kind });
