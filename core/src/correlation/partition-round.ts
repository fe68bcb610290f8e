import { componentsOf, type Bench } from './partition-components.js';
import { decisionsInForce } from './partition-decisions.js';
import { destinationsOf } from './partition-destinations.js';
import { commonKeys, indexKeys } from './partition-keys.js';
import { targetsOf } from './partition-links.js';
import { keyChanges, probableDoubts, sureDoubts, type Crowd } from './partition-reviews.js';
import type { Destination, PartitionInput, PartitionRecord, PartitionResult } from './partition-types.js';
import { settle, type Unit } from './partition-users.js';

/** Steps 1 to 5 once, on the links as they are. */
export function partitionOnce(input: PartitionInput): PartitionResult {
  const records = sorted(input.records);
  const byCertainty = (certainty: 'sure' | 'probable') => input.rules.filter((rule) => rule.certainty === certainty);
  const bench: Bench = {
    records,
    sureRules: byCertainty('sure').map((rule) => indexKeys(records, rule, input.keyCounts)),
    decisions: decisionsInForce(input.decisions, records),
  };
  const own = new Set(records.map(({ recordId }) => recordId));
  const bystanders = sorted(input.bystanders ?? []).filter(({ recordId }) => !own.has(recordId));
  const everybody = [...records, ...bystanders];
  const probableRules = byCertainty('probable').map((rule) => indexKeys(everybody, rule, input.keyCounts));
  const { labels, refusals } = componentsOf(bench);
  const settlement = settle(bench, labels, input.users);
  const destinations = destinationsOf(bench, settlement);
  const contradicted = new Set(settlement.users.flatMap((user) => user.contradicted.flat()));
  const crowd = crowdOf(input.decisions, everybody, destinations.byIndex, settlement.units);
  const sure = sureDoubts(crowd, [...refusals, ...settlement.refusals], destinations.voidKeys);
  const reviews = [...sure, ...keyChanges(crowd, settlement.users), ...probableDoubts(crowd, probableRules, sure)];
  return {
    targets: targetsOf(bench, probableRules, destinations.byIndex, contradicted),
    merges: destinations.merges,
    reviews: reviews.sort((a, b) => (a.subject < b.subject ? -1 : 1)),
    findings: [...bench.sureRules, ...probableRules].flatMap(commonKeys),
  };
}

function sorted(records: readonly PartitionRecord[]): PartitionRecord[] {
  return [...records].sort((a, b) => (a.recordId < b.recordId ? -1 : 1));
}

function crowdOf(
  decisions: PartitionInput['decisions'],
  records: readonly PartitionRecord[],
  settled: readonly Destination[],
  units: readonly Unit[],
): Crowd {
  const firstBystander = settled.length;
  const unitOf = new Map(units.flatMap((unit) => unit.members.map((index) => [index, unit.members[0] ?? index])));
  const byIndex = records.map((record, index): Destination => {
    if (index < firstBystander) return settled[index] ?? { kind: 'unlinked', reason: 'noCreator' };
    return record.link === null
      ? { kind: 'unlinked', reason: 'noCreator' }
      : { kind: 'user', userId: record.link.userId };
  });
  const sideOf = byIndex.map((to, index) => {
    if (to.kind === 'user') return `user ${to.userId}`;
    return to.kind === 'new' ? `new ${to.label}` : `record ${records[unitOf.get(index) ?? index]?.recordId ?? ''}`;
  });
  const sides = new Map<string, Set<number>>();
  for (const [index, side] of sideOf.entries()) sides.set(side, (sides.get(side) ?? new Set()).add(index));
  return { records, byIndex, firstBystander, sides, sideOf, decisions: decisionsInForce(decisions, records) };
}
