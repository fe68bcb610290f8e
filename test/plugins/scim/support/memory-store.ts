import type { RecordKind } from '@rollcall/connector-kit';
import type { ScimStore, ScimUnit, StoredResource } from '@rollcall/connector-scim';
import { interleaving, type Yield } from './interleave.js';
import { MemoryReading } from './memory-reading.js';
import { MemoryUnit } from './memory-unit.js';
import { copyOf, emptyTables, type Tables } from './memory-tables.js';

/** A store in memory, for tests: units run one after the other on a copy that takes the place of the original at the end. */
export class MemoryStore extends MemoryReading implements ScimStore {
  #tables: Tables = emptyTables();
  #last: Promise<unknown> = Promise.resolve();
  readonly #giveWay: Yield;
  /** How many member rows were read, for tests of what is not loaded. */
  membersRead = 0;

  constructor(seed = 1) {
    const giveWay = interleaving(seed);
    super(() => this.#tables, giveWay);
    this.#giveWay = giveWay;
  }

  override async members(
    ...[groupId, request]: Parameters<MemoryReading['members']>
  ): ReturnType<MemoryReading['members']> {
    const members = await super.members(groupId, request);
    this.membersRead += members.length;
    return members;
  }

  write<T>(work: (unit: ScimUnit) => Promise<T>): Promise<T> {
    const run = this.#last.then(async () => {
      await this.#giveWay();
      const draft = copyOf(this.#tables);
      const result = await work(new MemoryUnit(draft, this.#giveWay));
      this.#tables = draft;
      return result;
    });
    this.#last = run.catch(() => undefined);
    return run;
  }

  /** Everything of a kind, tombstones too. */
  all(kind: RecordKind): StoredResource[] {
    return [...this.#tables[kind].values()].map(({ stored }) => stored);
  }

  /** What a group has at this moment, pending edges too. */
  edgesOf(groupId: string): string[] {
    return [...(this.#tables.edges.get(groupId) ?? [])].sort();
  }
}
