import type { Refusal } from './partition-components.js';
import type { Crowd } from './partition-crowd.js';
import { areHeldApart } from './partition-decisions.js';
import type { VoidKey } from './partition-destinations.js';
import type { RuleKeys } from './partition-keys.js';
import type { PartitionReview, ReviewSide } from './partition-types.js';
import type { LinkedUser } from './partition-users.js';

/** The doubts that sure keys leave: what was refused, and new records whose keys are void. One review each. */
export function sureDoubts(
  crowd: Crowd,
  refusals: readonly Refusal[],
  voidKeys: readonly VoidKey[],
): PartitionReview[] {
  const reviews: PartitionReview[] = [];
  const seen = new Set<string>();
  const add = (because: 'refused' | 'voidKey', rule: string | null, members: readonly number[]): void => {
    const sides = sidesAmong(crowd, members);
    const identity = [...sides.keys()].join(' ');
    if (sides.size < 2 || seen.has(identity) || isDecided(crowd, [...sides.keys()])) return;
    seen.add(identity);
    const first = crowd.records[members[0] ?? 0]?.recordId ?? '';
    const subject = JSON.stringify([because, rule, first]);
    reviews.push({ kind: 'correlation', because, rule, subject, sides: shown(crowd, sides) });
  };
  for (const { rule, members } of refusals) add('refused', rule, members);
  for (const { rule, holders } of voidKeys) add('voidKey', rule, holders);
  return reviews;
}

/** A user whose records now contradict each other: one review for each that no longer fits. */
export function keyChanges(crowd: Crowd, users: readonly LinkedUser[]): PartitionReview[] {
  return users.flatMap(({ stays, contradicted }) =>
    contradicted.map((block): PartitionReview => {
      const subject = JSON.stringify(['keyChanged', crowd.records[block[0] ?? 0]?.recordId]);
      const sides = [sideShown(crowd, stays), sideShown(crowd, block)];
      return { kind: 'keyChanged', because: 'keyChanged', rule: null, subject, sides };
    }),
  );
}

/** Step 5: a probable key joins nobody; two different users or records that share one are a question. */
export function probableDoubts(
  crowd: Crowd,
  rules: readonly RuleKeys[],
  already: readonly PartitionReview[],
): PartitionReview[] {
  const reviews: PartitionReview[] = [];
  const sideById = new Map(crowd.records.map(({ recordId }, index) => [recordId, crowd.sideOf[index] ?? '']));
  const asked = new Set(already.flatMap(({ sides }) => pairsAsked(sideById, sides)));
  for (const { rule, byKey } of rules) {
    for (const { state, holders } of byKey.values()) {
      if (state === 'common') continue;
      const sides = sidesAmong(crowd, holders);
      for (const [one, other] of pairsOf([...sides.keys()])) {
        const pair = JSON.stringify([one, other]);
        const [here, there] = [sides.get(one) ?? [], sides.get(other) ?? []];
        if (asked.has(pair) || isDecided(crowd, [one, other])) continue;
        if (!mayBeOne(crowd, here, there, rule.sameDirectory)) continue;
        asked.add(pair);
        const pairSides = shown(
          crowd,
          new Map([
            [one, here],
            [other, there],
          ]),
        );
        const subject = JSON.stringify(['probable', rule.name, ...pairSides.map(({ recordIds }) => recordIds[0])]);
        reviews.push({ kind: 'correlation', because: 'probable', rule: rule.name, subject, sides: pairSides });
      }
    }
  }
  return reviews;
}

/** Somebody of the set is concerned, somebody is present, and not all that they share is a desk in one directory. */
function mayBeOne(
  { records, firstBystander }: Crowd,
  here: readonly number[],
  there: readonly number[],
  sameDirectory: boolean,
): boolean {
  return here.some((a) =>
    there.some((b) => {
      const [one, other] = [records[a], records[b]];
      if (one === undefined || other === undefined || Math.min(a, b) >= firstBystander) return false;
      if (!one.present || !other.present) return one.present || other.present;
      return sameDirectory || one.directory !== other.directory;
    }),
  );
}

function pairsAsked(sideById: ReadonlyMap<string, string>, sides: readonly ReviewSide[]): string[] {
  const keys = sides.flatMap(({ recordIds }) => sideById.get(recordIds[0] ?? '') ?? []);
  return pairsOf(keys).flatMap(([one, other]) => [JSON.stringify([one, other]), JSON.stringify([other, one])]);
}

/** True where people hold every two sides apart: nothing is left to ask. */
function isDecided({ sides, decisions }: Crowd, keys: readonly string[]): boolean {
  return pairsOf(keys).every(([one, other]) => {
    return areHeldApart(sides.get(one) ?? new Set(), sides.get(other) ?? new Set(), decisions);
  });
}

function pairsOf(keys: readonly string[]): [string, string][] {
  return keys.flatMap((one, position) => keys.slice(position + 1).map((other): [string, string] => [one, other]));
}

function sidesAmong({ sideOf }: Crowd, members: readonly number[]): Map<string, number[]> {
  const sides = new Map<string, number[]>();
  for (const index of members) {
    const side = sideOf[index] ?? '';
    sides.set(side, [...(sides.get(side) ?? []), index]);
  }
  return sides;
}

function shown(crowd: Crowd, sides: ReadonlyMap<string, readonly number[]>): ReviewSide[] {
  const all = [...sides.values()].map((members) => sideShown(crowd, members));
  return all.sort((a, b) => ((a.recordIds[0] ?? '') < (b.recordIds[0] ?? '') ? -1 : 1));
}

function sideShown({ records, byIndex }: Crowd, members: readonly number[]): ReviewSide {
  const to = byIndex[members[0] ?? 0];
  return {
    userId: to?.kind === 'user' ? to.userId : null,
    label: to?.kind === 'new' ? to.label : null,
    recordIds: members.flatMap((index) => records[index]?.recordId ?? []).sort(),
  };
}
