import { componentsOf, type Bench } from './partition-components.js';
import { crowdOf } from './partition-crowd.js';
import { decisionsInForce } from './partition-decisions.js';
import { destinationsOf } from './partition-destinations.js';
import { indexKeys } from './partition-keys.js';
import { targetsOf } from './partition-links.js';
import { keyChanges, sureDoubts } from './partition-reviews.js';
import type { Merge, PartitionInput, PartitionReview, Target } from './partition-types.js';
import { settle } from './partition-users.js';

/** Steps 1 to 4 for one closed component, before probable keys ask. */
export interface Round {
  targets: readonly Target[];
  merges: readonly Merge[];
  reviews: readonly PartitionReview[];
  /** By record id, the record that stands for those that go where it goes. */
  unitOf: ReadonlyMap<string, string>;
}

/** Steps 1 to 4 once, on the links as they are. The records are sorted by id. */
export function partitionOnce({ records, rules, decisions, users, keyCounts }: PartitionInput): Round {
  const rulesOf = (certainty: 'sure' | 'probable') =>
    rules.filter((rule) => rule.certainty === certainty).map((rule) => indexKeys(records, rule, keyCounts));
  const bench: Bench = { records, sureRules: rulesOf('sure'), decisions: decisionsInForce(decisions, records) };
  const { labels, refusals } = componentsOf(bench);
  const settlement = settle(bench, labels, users);
  const destinations = destinationsOf(bench, settlement);
  const contradicted = new Set(settlement.users.flatMap((user) => user.contradicted.flat()));
  const nameOf = (index: number | undefined): string => records[index ?? 0]?.recordId ?? '';
  const unitOf = new Map(
    settlement.units.flatMap(({ members }) => members.map((index) => [nameOf(index), nameOf(members[0])])),
  );
  const crowd = crowdOf(decisions, records, destinations.byIndex, unitOf);
  const doubts = sureDoubts(crowd, [...refusals, ...settlement.refusals], destinations.voidKeys);
  return {
    targets: targetsOf(bench, rulesOf('probable'), destinations.byIndex, contradicted),
    merges: destinations.merges,
    reviews: [...doubts, ...keyChanges(crowd, settlement.users)],
    unitOf,
  };
}
