import { crowdOf } from './partition-crowd.js';
import { commonKeys, indexKeys } from './partition-keys.js';
import { probableDoubts } from './partition-reviews.js';
import { partitionUntilSettled } from './partition-rounds.js';
import { split } from './partition-split.js';
import type { PartitionInput, PartitionRecord, PartitionResult } from './partition-types.js';

/**
 * Decides who is one person, from match keys, people's decisions and previous links alone. Sure keys join, probable ones
 * ask, links are sticky, and whenever it is in doubt who somebody is the answer is a review and not a guess.
 *
 * The order of the input never shows, and feeding the answer back changes nothing.
 */
export function partition(input: PartitionInput): PartitionResult {
  const records = sorted(input.records);
  const own = new Set(records.map(({ recordId }) => recordId));
  const bystanders = sorted(input.bystanders ?? []).filter(({ recordId }) => !own.has(recordId));
  const everybody = [...records, ...bystanders];
  const rulesOf = (certainty: 'sure' | 'probable', some: readonly PartitionRecord[]) =>
    input.rules.filter((rule) => rule.certainty === certainty).map((rule) => indexKeys(some, rule, input.keyCounts));
  const sureRules = rulesOf('sure', records);
  const probableRules = rulesOf('probable', everybody);
  const findings = [...sureRules, ...probableRules].flatMap(commonKeys);
  const settled = split(input, records, sureRules, findings).map(partitionUntilSettled);
  const targets = settled.flatMap((component) => component.targets).sort((a, b) => (a.recordId < b.recordId ? -1 : 1));
  const reviews = settled.flatMap((component) => component.reviews);
  const unitOf = new Map(settled.flatMap((component) => [...component.unitOf]));
  const destinations = targets.map(({ to }) => to);
  const crowd = crowdOf(input.decisions, everybody, destinations, unitOf);
  const asked = [...reviews, ...probableDoubts(crowd, probableRules, reviews)];
  return {
    targets,
    merges: settled.flatMap((component) => component.merges).sort((a, b) => (a.survivor < b.survivor ? -1 : 1)),
    reviews: asked.sort((a, b) => (a.subject < b.subject ? -1 : 1)),
    findings,
  };
}

function sorted(records: readonly PartitionRecord[]): PartitionRecord[] {
  return [...records].sort((a, b) => (a.recordId < b.recordId ? -1 : 1));
}
