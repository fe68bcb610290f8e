import type { PushedKey, RecordKind } from '@rollcall/connector-kit';
import type { StoredResource } from '@rollcall/connector-scim';

/** A row with the values by which it is found. */
export interface Row {
  readonly stored: StoredResource;
  readonly keys: readonly PushedKey[];
}

/** All of a directory. */
export interface Tables extends Record<RecordKind, Map<string, Row>> {
  /** Member ids by group. */
  readonly edges: Map<string, Set<string>>;
  /** Form of a value to ids of visible resources. */
  readonly index: Map<string, Set<string>>;
  /** Groups by member id. */
  readonly groupsByMember: Map<string, Set<string>>;
  readonly next: { position: number };
}

export function emptyTables(): Tables {
  return {
    user: new Map(),
    group: new Map(),
    edges: new Map(),
    index: new Map(),
    groupsByMember: new Map(),
    next: { position: 1 },
  };
}

export function copyOf(tables: Tables): Tables {
  return {
    user: new Map(tables.user),
    group: new Map(tables.group),
    edges: copyOfSets(tables.edges),
    index: copyOfSets(tables.index),
    groupsByMember: copyOfSets(tables.groupsByMember),
    next: { ...tables.next },
  };
}

function copyOfSets(sets: Map<string, Set<string>>): Map<string, Set<string>> {
  return new Map([...sets].map(([key, set]) => [key, new Set(set)]));
}

/** Where a value of a kind stands in the index. */
export function place(kind: RecordKind, { attribute, form }: PushedKey): string {
  return `${kind}:${attribute}:${form}`;
}

export function addTo(sets: Map<string, Set<string>>, key: string, value: string): boolean {
  const set = sets.get(key) ?? new Set();
  sets.set(key, set);
  const isNew = !set.has(value);
  set.add(value);
  return isNew;
}
