import { partitionOnce, type Round } from './partition-round.js';
import type { Destination, Link, Merge, PartitionInput, ReviewSide, Target } from './partition-types.js';

/** A merge can settle a doubt and so allow another; every round but the last takes away users or doubts. */
const MAX_ROUNDS = 8;
/** Before a user to be has an id it goes by this and the label; no id of the store begins so. */
const TO_BE = 'new ';
/** Users to be are younger than all that are. */
const YOUNGEST = '~';

/** Steps 1 to 4 until nothing moves any more, so that feeding the answer back changes nothing. */
export function partitionUntilSettled(component: PartitionInput): Round {
  const survivors = new Map<string, string>();
  let current = component;
  let round = partitionOnce(current);
  for (let rounds = 1; rounds < MAX_ROUNDS && round.targets.some(({ changed }) => changed); rounds += 1) {
    for (const { survivor, losers } of round.merges) for (const loser of losers) survivors.set(loser, survivor);
    current = follow(current, round);
    round = partitionOnce(current);
  }
  for (const { survivor, losers } of round.merges) for (const loser of losers) survivors.set(loser, survivor);
  const links = new Map(component.records.map(({ recordId, link }) => [recordId, link]));
  return {
    ...round,
    targets: round.targets.map((target) => named(target, links.get(target.recordId) ?? null)),
    merges: mergesOf(survivors),
    reviews: round.reviews.map((review) => ({ ...review, sides: review.sides.map(sideNamed) })),
  };
}

/** The same input after what the answer says was done. */
function follow(input: PartitionInput, { targets }: Round): PartitionInput {
  const links = new Map(targets.map((target) => [target.recordId, linkOf(target)]));
  const labels = targets.flatMap(({ recordId, to }) => (to.kind === 'new' && to.label === recordId ? [to.label] : []));
  return {
    ...input,
    records: input.records.map((record) => ({ ...record, link: links.get(record.recordId) ?? null })),
    users: [...input.users, ...labels.map((label) => ({ userId: TO_BE + label, createdAt: YOUNGEST }))],
  };
}

function linkOf({ to, how, rule }: Target): Link | null {
  if (to.kind === 'unlinked' || how === null) return null;
  return { userId: to.kind === 'user' ? to.userId : TO_BE + to.label, how, rule };
}

function named(target: Target, before: Link | null): Target {
  const { recordId, how, rule } = target;
  const to = destinationNamed(target.to);
  if (to.kind === 'unlinked') return { recordId, to, how, rule, changed: before !== null };
  const isSame = to.kind === 'user' && before?.userId === to.userId && before.how === how && before.rule === rule;
  return { recordId, to, how, rule, changed: !isSame };
}

function destinationNamed(to: Destination): Destination {
  return to.kind === 'user' && to.userId.startsWith(TO_BE) ? { kind: 'new', label: to.userId.slice(TO_BE.length) } : to;
}

function sideNamed({ userId, label, recordIds }: ReviewSide): ReviewSide {
  if (userId?.startsWith(TO_BE) !== true) return { userId, label, recordIds };
  return { userId: null, label: userId.slice(TO_BE.length), recordIds };
}

/** Every loser with the one who survives in the end; users to be leave no trace. */
function mergesOf(survivors: ReadonlyMap<string, string>): Merge[] {
  const losersOf = new Map<string, string[]>();
  for (const loser of [...survivors.keys()].sort()) {
    if (loser.startsWith(TO_BE)) continue;
    let survivor = loser;
    for (let next = survivors.get(survivor); next !== undefined; next = survivors.get(survivor)) survivor = next;
    losersOf.set(survivor, [...(losersOf.get(survivor) ?? []), loser]);
  }
  return [...losersOf].sort(([a], [b]) => (a < b ? -1 : 1)).map(([survivor, losers]) => ({ survivor, losers }));
}
