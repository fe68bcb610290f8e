import { decisionsInForce, type Decisions } from './partition-decisions.js';
import type { Destination, PartitionInput, PartitionRecord } from './partition-types.js';

/** All that a doubt can be about: records of the set, then bystanders. Indexes are into `records`. */
export interface Crowd {
  records: readonly PartitionRecord[];
  /** Where each record goes; bystanders stay where they are. */
  byIndex: readonly Destination[];
  /** From this index on they are bystanders. */
  firstBystander: number;
  /** The records by destination; unlinked ones that are one unit are one side. */
  sides: ReadonlyMap<string, ReadonlySet<number>>;
  sideOf: readonly string[];
  decisions: Decisions;
}

const NOBODY: Destination = { kind: 'unlinked', reason: 'noCreator' };

/**
 * Gathers the crowd.
 *
 * @param settled - where the records of the set go, by index; the records after them are bystanders.
 * @param unitOf - by record id, the record that stands for its unit.
 */
export function crowdOf(
  decisions: PartitionInput['decisions'],
  records: readonly PartitionRecord[],
  settled: readonly Destination[],
  unitOf: ReadonlyMap<string, string>,
): Crowd {
  const byIndex = records.map(({ link }, index): Destination => {
    return settled[index] ?? (link === null ? NOBODY : { kind: 'user', userId: link.userId });
  });
  const sideOf = records.map(({ recordId }, index) =>
    sideName(byIndex[index] ?? NOBODY, unitOf.get(recordId) ?? recordId),
  );
  const sides = new Map<string, Set<number>>();
  for (const [index, side] of sideOf.entries()) {
    const members = sides.get(side);
    if (members === undefined) sides.set(side, new Set([index]));
    else members.add(index);
  }
  const inForce = decisionsInForce(decisions, records);
  return { records, byIndex, firstBystander: settled.length, sides, sideOf, decisions: inForce };
}

function sideName(to: Destination, unit: string): string {
  if (to.kind === 'user') return `user ${to.userId}`;
  return to.kind === 'new' ? `new ${to.label}` : `unit ${unit}`;
}
