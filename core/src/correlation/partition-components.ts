import { isTornApart, type Decisions } from './partition-decisions.js';
import { keyUnder, type RuleKeys } from './partition-keys.js';
import type { PartitionRecord } from './partition-types.js';

/** Everything that a partition is computed from, indexed once. Records are sorted by id; groups are lists of indexes. */
export interface Bench {
  records: readonly PartitionRecord[];
  /** The sure rules, in order. */
  sureRules: readonly RuleKeys[];
  decisions: Decisions;
}

/** A component that was refused whole: `rule` is null where people's decisions contradict each other. */
export interface Refusal {
  rule: string | null;
  members: readonly number[];
}

/** What keys and decisions alone say: each record's component, by index; and what was refused. */
export interface Components {
  labels: readonly number[];
  refusals: readonly Refusal[];
}

/** Steps 1 and 2: clusters of decisions, then rule by rule who shares a key, each new component checked as a whole. */
export function componentsOf(bench: Bench): Components {
  const refusals: Refusal[] = [];
  const apart = bench.records.map((_, index) => index);
  const pairs = bench.decisions.together.map(({ a, b }) => [a, b]);
  const clusters = join(apart, pairs, (members) => !isTornApart(members, bench.decisions), null, refusals);
  let labels = clusters;
  for (const [position, { rule, byKey }] of bench.sureRules.entries()) {
    const shared = [...byKey.values()].filter(({ state }) => state === 'key').map(({ holders }) => holders);
    const rules = bench.sureRules.slice(0, position + 1);
    const isAccepted = (members: readonly number[]): boolean =>
      speakAsOne(bench, members, groupsOf(clusters, members), rules);
    labels = join(labels, shared, isAccepted, rule.name, refusals);
  }
  return { labels, refusals };
}

/** Joins what belongs together and takes back, whole, every new component that is not accepted. */
function join(
  before: readonly number[],
  bonds: readonly (readonly number[])[],
  isAccepted: (members: readonly number[]) => boolean,
  rule: string | null,
  refusals: Refusal[],
): number[] {
  const after = connect(before, bonds);
  const labels = [...before];
  for (const members of groupsOf(after)) {
    const isNew = members.some((index) => before[index] !== after[index]);
    if (isNew && !isAccepted(members)) refusals.push({ rule, members });
    else for (const index of members) labels[index] = after[index] ?? index;
  }
  return labels;
}

/**
 * True where a group can be one person: no decision runs through it, and no sure key has two different values in it.
 * Records of one block (joined by a person, or by an earlier and stronger key) may differ: that is settled.
 */
export function speakAsOne(
  { records, decisions }: Bench,
  members: readonly number[],
  blocks: readonly (readonly number[])[],
  rules: readonly RuleKeys[],
): boolean {
  if (isTornApart(members, decisions)) return false;
  return rules.every(({ rule, byKey }) => {
    const valuesOf = (block: readonly number[]): Set<string> => {
      const keys = block.map((index) => records[index]).flatMap((record) => (record && keyUnder(record, rule)) ?? []);
      return new Set(keys.filter((key) => byKey.get(key)?.state !== 'common'));
    };
    return isOneClass(blocks.map(valuesOf));
  });
}

/** True where the sets that are not empty hang together by values that they share. */
function isOneClass(sets: readonly ReadonlySet<string>[]): boolean {
  const [first, ...others] = sets.filter((values) => values.size > 0);
  const reached = new Set(first);
  let waiting = others;
  while (waiting.length > 0) {
    const apart: ReadonlySet<string>[] = [];
    for (const values of waiting) {
      if ([...values].some((value) => reached.has(value))) for (const value of values) reached.add(value);
      else apart.push(values);
    }
    if (apart.length === waiting.length) return false;
    waiting = apart;
  }
  return true;
}

/** Gives all members of bonds, and all that hang together through them, the smallest of their labels. */
export function connect(labels: readonly number[], bonds: readonly (readonly number[])[]): number[] {
  const parents = labels.map((_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while (parents[root] !== root) root = parents[root] ?? root;
    return root;
  };
  const unite = (a: number, b: number): void => {
    const [one, other] = [rootOf(a), rootOf(b)];
    parents[Math.max(one, other)] = Math.min(one, other);
  };
  for (const [index, label] of labels.entries()) unite(index, label);
  for (const bond of bonds) for (const index of bond) unite(bond[0] ?? index, index);
  return labels.map((_, index) => rootOf(index));
}

/** The groups of equal labels, each sorted, in the order of their first members. */
export function groupsOf(labels: readonly number[], members: Iterable<number> = labels.keys()): number[][] {
  const groups = new Map<number, number[]>();
  for (const index of members) {
    const label = labels[index] ?? index;
    const group = groups.get(label);
    if (group === undefined) groups.set(label, [index]);
    else group.push(index);
  }
  return [...groups.values()];
}
