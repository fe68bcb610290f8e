import type { RecordKind } from './contract.js';
import type { JsonObject } from './json.js';

/** A value in the index. Its form is folded where letters are alike, and at most 200 characters long. */
export interface PushedKey {
  /** Name under which such values stand in the index. */
  readonly attribute: string;
  readonly form: string;
}

/** A question that an index answers. `id` and `member` are no keys: their forms are ids as they are. */
export type PushLookup = PushedKey;

/** A resource as it is kept. A tombstone keeps everything that was there. */
export interface PushedResource {
  /** The id: issued by us, never used again; the source id of the record. */
  readonly id: string;
  readonly kind: RecordKind;
  /** Grows in the order of creation within directory and kind, never changes: lists go by it. */
  readonly position: number;
  /** 1 at creation, one more with each change. */
  readonly version: number;
  readonly created: Date;
  readonly lastModified: Date;
  /** Why it was written last. */
  readonly cause: string;
  /** The raw payload, without its `id` and without members. */
  readonly resource: JsonObject;
  /** Set when it was deleted; it is then invisible to clients for ever. */
  readonly goneAt: Date | null;
  /** The tombstone of the same person that this one follows. */
  readonly formerId: string | null;
}

/** What of a resource is written. */
export interface PushedContent {
  readonly kind: RecordKind;
  readonly id: string;
  readonly resource: JsonObject;
  /** All values by which it is found; they replace the earlier ones. */
  readonly keys: readonly PushedKey[];
  readonly at: Date;
  readonly cause: string;
}

/** A record that a member id stands for. */
export interface PushedMemberRecord {
  readonly id: string;
  readonly kind: RecordKind;
}

/** A membership of a group. `kind` is null while no record of that id is visible: the edge is pending. */
export interface PushedMember {
  readonly id: string;
  readonly kind: RecordKind | null;
}

/** A group that a user is a direct member of. */
export interface PushedGroupReference {
  readonly id: string;
  readonly displayName: string;
}

/** Where a page of resources begins. */
export interface PushedPageRequest {
  /** Those behind this position. */
  readonly after?: number;
  /** Passes over so many first. */
  readonly skip?: number;
  readonly limit: number;
}

/** Where a page of members begins, in the order of their ids. */
export interface PushedMemberPageRequest {
  readonly after?: string;
  readonly limit: number;
}

/** What can be read of one directory. Everything but `read` and `members` leaves tombstones out. */
export interface PushReading {
  /** Reads by id, tombstones too. */
  read(kind: RecordKind, id: string): Promise<PushedResource | null>;
  /** Reads several visible ones, in the order of their positions. */
  readMany(kind: RecordKind, ids: readonly string[]): Promise<readonly PushedResource[]>;
  /** Visible resources with this value, by an index, in the order of their positions; a `member` only while it is visible itself. */
  find(kind: RecordKind, lookup: PushLookup): Promise<readonly PushedResource[]>;
  /** Visible resources in the order of their positions. */
  page(kind: RecordKind, request: PushedPageRequest): Promise<readonly PushedResource[]>;
  /** How many are visible. */
  count(kind: RecordKind): Promise<number>;
  /** The edges of a visible group, pending ones too, in the order of the member ids (by code unit). */
  members(groupId: string, request: PushedMemberPageRequest): Promise<readonly PushedMember[]>;
  /** Which of these visible groups have which of these members; pending ones are left out. */
  membersAmong(
    groupIds: readonly string[],
    memberIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly string[]>>;
  /** The visible groups of each of these users or groups, by name and then id; those in no group may be left out. */
  groupsOf(memberIds: readonly string[]): Promise<ReadonlyMap<string, readonly PushedGroupReference[]>>;
}

/** What one unit of work can do. It reads what it wrote. */
export interface PushUnit extends PushReading {
  /** The tombstones with this value, the latest first, that no visible resource follows. */
  findTombstones(kind: RecordKind, lookup: PushLookup): Promise<readonly PushedResource[]>;
  /**
   * For each id the visible record that it stands for: itself, or the one that follows its tombstone at the end of the
   * chain. Ids that stand for none are left out.
   */
  identify(ids: readonly string[]): Promise<ReadonlyMap<string, PushedMemberRecord>>;
  /**
   * Writes a new resource with version 1. With a `formerId`, pending edges that name it from now on name the new one;
   * so do those that name what it followed.
   */
  insert(content: PushedContent & { readonly formerId: string | null }): Promise<PushedResource>;
  /** Writes a resource that is there; its version grows by one. */
  update(content: PushedContent): Promise<PushedResource>;
  /** Makes a tombstone: invisible, its keys free again, the edges of and to it ended. */
  bury(kind: RecordKind, id: string, at: Date): Promise<void>;
  /** Adds edges; those that are there stay. @returns how many are new. */
  addMembers(groupId: string, members: readonly PushedMember[], at: Date): Promise<number>;
  /** Ends edges; those that are not there are passed over. @returns how many ended. */
  removeMembers(groupId: string, memberIds: readonly string[], at: Date): Promise<number>;
}

/**
 * What a protocol by which a source pushes needs of a store, for one directory. No method ever sees another directory.
 *
 * On tables: a resource is a `source_record` (source id = the id, position = `no`), its content the latest `payload`,
 * memberships are `edge` rows, and a narrow index (directory, kind, attribute, form of the value, record) answers `find`.
 */
export interface PushStore extends PushReading {
  /**
   * Does a unit of work: all of it or, when `work` throws, nothing. Units of one directory run one after the other, in
   * every process: what one reads, no other changes before it ends; so a value that it found unused is still unused when
   * it writes. `work` is called once. What it wrote is durable, and seen by every reader, when the promise resolves.
   *
   * @throws what `work` throws; a retryable `RollcallError` when the store is too busy.
   */
  write<T>(work: (unit: PushUnit) => Promise<T>): Promise<T>;
}
