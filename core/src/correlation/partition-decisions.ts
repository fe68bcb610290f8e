import type { Decision, PartitionRecord } from './partition-types.js';

/** What people (and SCIM) decided about the records of one partition, by index of the record. */
export interface Decisions {
  together: readonly { a: number; b: number; by: 'person' | 'scim' }[];
  apart: readonly (readonly [number, number])[];
}

/**
 * The decisions in force: of several about one pair the last one counts; those that name a record outside the set have
 * nothing to say here.
 */
export function decisionsInForce(decisions: readonly Decision[], records: readonly PartitionRecord[]): Decisions {
  const indexes = new Map(records.map((record, index) => [record.recordId, index]));
  const lastByPair = new Map<string, Decision>();
  for (const decision of [...decisions].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    lastByPair.set(JSON.stringify([decision.a, decision.b].sort()), decision);
  }
  const together: { a: number; b: number; by: 'person' | 'scim' }[] = [];
  const apart: [number, number][] = [];
  for (const { kind, a, b, by = 'person' } of lastByPair.values()) {
    const [first, second] = [indexes.get(a), indexes.get(b)];
    if (first === undefined || second === undefined || first === second) continue;
    if (kind === 'together') together.push({ a: first, b: second, by });
    else apart.push([first, second]);
  }
  return { together, apart };
}

/** True where a decision keeps somebody of one side from somebody of the other. */
export function areHeldApart(one: ReadonlySet<number>, other: ReadonlySet<number>, { apart }: Decisions): boolean {
  return apart.some(([a, b]) => (one.has(a) && other.has(b)) || (one.has(b) && other.has(a)));
}

/** True where a decision runs through the middle of a group. */
export function isTornApart(members: readonly number[], { apart }: Decisions): boolean {
  if (apart.length === 0) return false;
  const group = new Set(members);
  return areHeldApart(group, group, { together: [], apart });
}
