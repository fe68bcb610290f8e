import type { RecordKind } from '@rollcall/connector-kit';
import type { Lookup, Member, MemberRecord, ResourceContent, ScimUnit, StoredResource } from '@rollcall/connector-scim';
import type { Yield } from './interleave.js';
import { MemoryReading } from './memory-reading.js';
import { addTo, place, type Row, type Tables } from './memory-tables.js';

/** A unit of work on a draft of the tables. */
export class MemoryUnit extends MemoryReading implements ScimUnit {
  readonly #tables: Tables;
  readonly #giveWay: Yield;

  constructor(tables: Tables, giveWay: Yield) {
    super(() => tables, giveWay);
    this.#tables = tables;
    this.#giveWay = giveWay;
  }

  async findTombstones(kind: RecordKind, lookup: Lookup): Promise<readonly StoredResource[]> {
    await this.#giveWay();
    const rows = [...this.#tables[kind].values()].filter(
      ({ stored, keys }) =>
        stored.goneAt !== null &&
        keys.some(({ attribute, form }) => attribute === lookup.attribute && form === lookup.form),
    );
    const isFollowed = ({ stored }: Row): boolean => this.#livingAt(kind, stored.id) !== undefined;
    return rows
      .filter((row) => !isFollowed(row))
      .map(({ stored }) => structuredClone(stored))
      .sort((a, b) => b.position - a.position);
  }

  async identify(ids: readonly string[]): Promise<ReadonlyMap<string, MemberRecord>> {
    await this.#giveWay();
    const found = new Map<string, MemberRecord>();
    for (const id of ids) {
      for (const kind of ['user', 'group'] as const) {
        const living = this.#livingAt(kind, id);
        if (living !== undefined) found.set(id, { id: living, kind });
      }
    }
    return found;
  }

  async insert(content: ResourceContent & { readonly formerId: string | null }): Promise<StoredResource> {
    await this.#giveWay();
    const { kind, id, resource, keys, at, cause, formerId } = content;
    if (this.#tables[kind].has(id)) throw new Error(`The id ${id} is used twice.`);
    const stored: StoredResource = {
      id,
      kind,
      position: this.#tables.next.position++,
      version: 1,
      created: at,
      lastModified: at,
      cause,
      resource: structuredClone(resource),
      goneAt: null,
      formerId,
    };
    this.#put({ stored, keys });
    for (let former = formerId; former !== null; former = this.#tables[kind].get(former)?.stored.formerId ?? null) {
      this.#rename(former, id);
    }
    return structuredClone(stored);
  }

  async update({ kind, id, resource, keys, at, cause }: ResourceContent): Promise<StoredResource> {
    await this.#giveWay();
    const { stored: before, keys: earlier } = this.#row(kind, id);
    this.#unindex(kind, id, earlier);
    const version = before.version + 1;
    const stored = { ...before, version, lastModified: at, cause, resource: structuredClone(resource) };
    this.#put({ stored, keys });
    return structuredClone(stored);
  }

  async bury(kind: RecordKind, id: string, at: Date): Promise<void> {
    await this.#giveWay();
    const { stored, keys } = this.#row(kind, id);
    this.#unindex(kind, id, keys);
    const gone = {
      ...stored,
      version: stored.version + 1,
      lastModified: at,
      goneAt: at,
      cause: 'scim.deleted' as const,
    };
    this.#tables[kind].set(id, { stored: gone, keys });
    for (const member of this.#tables.edges.get(id) ?? []) this.#tables.groupsByMember.get(member)?.delete(id);
    this.#tables.edges.delete(id);
    for (const group of this.#tables.groupsByMember.get(id) ?? []) this.#tables.edges.get(group)?.delete(id);
    this.#tables.groupsByMember.delete(id);
  }

  async addMembers(groupId: string, members: readonly Member[]): Promise<number> {
    await this.#giveWay();
    this.#row('group', groupId);
    let added = 0;
    for (const { id } of members) {
      if (addTo(this.#tables.edges, groupId, id)) added += 1;
      addTo(this.#tables.groupsByMember, id, groupId);
    }
    return added;
  }

  async removeMembers(groupId: string, memberIds: readonly string[]): Promise<number> {
    await this.#giveWay();
    let removed = 0;
    for (const id of memberIds) {
      if (this.#tables.edges.get(groupId)?.delete(id) === true) removed += 1;
      this.#tables.groupsByMember.get(id)?.delete(groupId);
    }
    return removed;
  }

  #row(kind: RecordKind, id: string): Row {
    const row = this.#tables[kind].get(id);
    if (row?.stored.goneAt !== null) throw new Error(`There is no visible ${kind} ${id}.`);
    return row;
  }

  #put(row: Row): void {
    const { kind, id } = row.stored;
    this.#tables[kind].set(id, row);
    for (const key of row.keys) addTo(this.#tables.index, place(kind, key), id);
  }

  #unindex(kind: RecordKind, id: string, keys: Row['keys']): void {
    for (const key of keys) this.#tables.index.get(place(kind, key))?.delete(id);
  }

  #rename(from: string, to: string): void {
    for (const group of this.#tables.groupsByMember.get(from) ?? []) {
      this.#tables.edges.get(group)?.delete(from);
      addTo(this.#tables.edges, group, to);
      addTo(this.#tables.groupsByMember, to, group);
    }
    this.#tables.groupsByMember.delete(from);
  }

  /** The visible resource at the end of the chain that begins with an id. */
  #livingAt(kind: RecordKind, id: string): string | undefined {
    let at: string | undefined = id;
    while (at !== undefined) {
      const row: Row | undefined = this.#tables[kind].get(at);
      if (row === undefined) return undefined;
      if (row.stored.goneAt === null) return at;
      const from: string = at;
      at = [...this.#tables[kind].values()].find(({ stored }) => stored.formerId === from)?.stored.id;
    }
    return undefined;
  }
}
