import type { RecordKind } from '@rollcall/connector-kit';
import type {
  GroupReference,
  Lookup,
  Member,
  MemberPageRequest,
  PageRequest,
  ScimReading,
  StoredResource,
} from '@rollcall/connector-scim';
import type { Yield } from './interleave.js';
import { place, type Tables } from './memory-tables.js';

/** Reads tables in memory, giving way before each answer. */
export class MemoryReading implements ScimReading {
  readonly #tables: () => Tables;
  readonly #giveWay: Yield;

  constructor(tables: () => Tables, giveWay: Yield) {
    this.#tables = tables;
    this.#giveWay = giveWay;
  }

  async read(kind: RecordKind, id: string): Promise<StoredResource | null> {
    await this.#giveWay();
    const row = this.#tables()[kind].get(id);
    return row === undefined ? null : structuredClone(row.stored);
  }

  async readMany(kind: RecordKind, ids: readonly string[]): Promise<readonly StoredResource[]> {
    await this.#giveWay();
    return this.#visible(kind, ids);
  }

  async find(kind: RecordKind, lookup: Lookup): Promise<readonly StoredResource[]> {
    await this.#giveWay();
    return this.#visible(kind, this.#idsOf(kind, lookup));
  }

  async page(kind: RecordKind, { after = 0, skip = 0, limit }: PageRequest): Promise<readonly StoredResource[]> {
    await this.#giveWay();
    const all = [...this.#tables()[kind].values()].map(({ stored }) => stored);
    return structuredClone(
      all.filter(({ goneAt, position }) => goneAt === null && position > after).slice(skip, skip + limit),
    );
  }

  async count(kind: RecordKind): Promise<number> {
    await this.#giveWay();
    return [...this.#tables()[kind].values()].filter(({ stored }) => stored.goneAt === null).length;
  }

  async members(groupId: string, { after = '', limit }: MemberPageRequest): Promise<readonly Member[]> {
    await this.#giveWay();
    const ids = [...(this.#tables().edges.get(groupId) ?? [])].filter((id) => id > after).sort();
    return ids.slice(0, limit).map((id) => ({ id, kind: this.#kindOf(id) }));
  }

  async membersAmong(
    groupIds: readonly string[],
    memberIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    await this.#giveWay();
    const { edges } = this.#tables();
    return new Map(
      groupIds.map((id) => [
        id,
        memberIds.filter((member) => edges.get(id)?.has(member) === true && this.#kindOf(member) !== null),
      ]),
    );
  }

  async groupsOf(memberIds: readonly string[]): Promise<ReadonlyMap<string, readonly GroupReference[]>> {
    await this.#giveWay();
    return new Map(memberIds.map((id) => [id, this.#groupsOfOne(id)]));
  }

  #groupsOfOne(memberId: string): GroupReference[] {
    const ids = [...(this.#tables().groupsByMember.get(memberId) ?? [])];
    return this.#visible('group', ids)
      .map(({ id, resource }) => ({ id, displayName: resource.displayName as string }))
      .sort((a, b) => compare(a.displayName, b.displayName) || compare(a.id, b.id));
  }

  #idsOf(kind: RecordKind, lookup: Lookup): readonly string[] {
    const { attribute, form } = lookup;
    if (attribute === 'id') return [form];
    const { index, groupsByMember } = this.#tables();
    if (attribute !== 'member') return [...(index.get(place(kind, { attribute, form })) ?? [])];
    return kind === 'group' && this.#kindOf(form) !== null ? [...(groupsByMember.get(form) ?? [])] : [];
  }

  #visible(kind: RecordKind, ids: readonly string[]): StoredResource[] {
    const found = ids.flatMap((id) => this.#tables()[kind].get(id)?.stored ?? []);
    return structuredClone(found.filter(({ goneAt }) => goneAt === null)).sort((a, b) => a.position - b.position);
  }

  #kindOf(id: string): RecordKind | null {
    for (const kind of ['user', 'group'] as const) {
      if (this.#tables()[kind].get(id)?.stored.goneAt === null) return kind;
    }
    return null;
  }
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
