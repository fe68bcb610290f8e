import type { JsonObject, RecordKind } from '@rollcall/connector-kit';
import type { IndexKey, Lookup } from './filter/lookups.js';

/** Why a resource was written last, for history. */
export type WriteCause =
  | 'scim.created'
  | 'scim.recreated'
  | 'scim.updated'
  | 'scim.deactivated'
  | 'scim.reactivated'
  | 'scim.membersChanged'
  | 'scim.deleted';

/** A resource as it is kept. A tombstone keeps everything that was there. */
export interface StoredResource {
  /** The SCIM id: issued by us, never used again; the source id of the record. */
  readonly id: string;
  readonly kind: RecordKind;
  /** Grows in the order of creation within directory and kind, never changes: lists go by it. */
  readonly position: number;
  /** 1 at creation, one more with each change. */
  readonly version: number;
  readonly created: Date;
  readonly lastModified: Date;
  /** Why it was written last. */
  readonly cause: WriteCause;
  /** Spelled as in the schemas, without `id`, `meta`, `schemas`, `groups`, `members` and `password`: the raw payload. */
  readonly resource: JsonObject;
  /** Set when it was deleted; it is then invisible to clients for ever. */
  readonly goneAt: Date | null;
  /** The tombstone of the same person that this one follows. */
  readonly formerId: string | null;
}

/** What of a resource is written. */
export interface ResourceContent {
  readonly kind: RecordKind;
  readonly id: string;
  readonly resource: JsonObject;
  /** All values by which it is found; they replace the earlier ones. */
  readonly keys: readonly IndexKey[];
  readonly at: Date;
  readonly cause: WriteCause;
}

/** A record that a member id stands for. */
export interface MemberRecord {
  readonly id: string;
  readonly kind: RecordKind;
}

/** A membership of a group. `kind` is null while no record of that id is visible: the edge is pending. */
export interface Member {
  readonly id: string;
  readonly kind: RecordKind | null;
}

/** A group that a user is a direct member of. */
export interface GroupReference {
  readonly id: string;
  readonly displayName: string;
}

/** Where a page of resources begins. */
export interface PageRequest {
  /** Those behind this position. */
  readonly after?: number;
  /** Passes over so many first. */
  readonly skip?: number;
  readonly limit: number;
}

/** Where a page of members begins, in the order of their ids. */
export interface MemberPageRequest {
  readonly after?: string;
  readonly limit: number;
}

/** What can be read of one directory. Everything but `read` and `members` leaves tombstones out. */
export interface ScimReading {
  /** Reads by id, tombstones too. */
  read(kind: RecordKind, id: string): Promise<StoredResource | null>;
  /** Reads several visible ones, in the order of their positions. */
  readMany(kind: RecordKind, ids: readonly string[]): Promise<readonly StoredResource[]>;
  /** Visible resources with this value, by an index, in the order of their positions; a `member` only while it is visible itself. */
  find(kind: RecordKind, lookup: Lookup): Promise<readonly StoredResource[]>;
  /** Visible resources in the order of their positions. */
  page(kind: RecordKind, request: PageRequest): Promise<readonly StoredResource[]>;
  /** How many are visible. */
  count(kind: RecordKind): Promise<number>;
  /** The edges of a visible group, pending ones too, in the order of the member ids (by code unit). */
  members(groupId: string, request: MemberPageRequest): Promise<readonly Member[]>;
  /** Which of these visible groups have which of these members; pending ones are left out. */
  membersAmong(
    groupIds: readonly string[],
    memberIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly string[]>>;
  /** The visible groups of each of these users or groups, by name and then id; those in no group may be left out. */
  groupsOf(memberIds: readonly string[]): Promise<ReadonlyMap<string, readonly GroupReference[]>>;
}

/** What one unit of work can do. It reads what it wrote. */
export interface ScimUnit extends ScimReading {
  /** The tombstones with this value, the latest first, that no visible resource follows. */
  findTombstones(kind: RecordKind, lookup: Lookup): Promise<readonly StoredResource[]>;
  /**
   * For each id the visible record that it stands for: itself, or the one that follows its tombstone at the end of the
   * chain. Ids that stand for none are left out.
   */
  identify(ids: readonly string[]): Promise<ReadonlyMap<string, MemberRecord>>;
  /**
   * Writes a new resource with version 1. With a `formerId`, pending edges that name it from now on name the new one;
   * so do those that name what it followed.
   */
  insert(content: ResourceContent & { readonly formerId: string | null }): Promise<StoredResource>;
  /** Writes a resource that is there; its version grows by one. */
  update(content: ResourceContent): Promise<StoredResource>;
  /** Makes a tombstone: invisible, its keys free again, the edges of and to it ended. */
  bury(kind: RecordKind, id: string, at: Date): Promise<void>;
  /** Adds edges; those that are there stay. @returns how many are new. */
  addMembers(groupId: string, members: readonly Member[], at: Date): Promise<number>;
  /** Ends edges; those that are not there are passed over. @returns how many ended. */
  removeMembers(groupId: string, memberIds: readonly string[], at: Date): Promise<number>;
}

/**
 * What the protocol needs of a store, for one directory. No method ever sees another directory.
 *
 * On tables: a resource is a `source_record` (source id = SCIM id, position = `no`), its content the latest `payload`,
 * memberships are `edge` rows, and a narrow index (directory, kind, attribute, form of the value, record) answers `find`.
 */
export interface ScimStore extends ScimReading {
  /**
   * Does a unit of work: all of it or, when `work` throws, nothing. Units of one directory run one after the other, in
   * every process: what one reads, no other changes before it ends; so a value that it found unused is still unused when
   * it writes. `work` is called once. What it wrote is durable, and seen by every reader, when the promise resolves.
   *
   * @throws what `work` throws; `unavailable(seconds)` when the store is too busy.
   */
  write<T>(work: (unit: ScimUnit) => Promise<T>): Promise<T>;
}
