import { connect, groupsOf, speakAsOne, type Bench, type Refusal } from './partition-components.js';
import { areHeldApart } from './partition-decisions.js';
import type { PartitionInput } from './partition-types.js';

/** A user as the previous links made it. */
export interface LinkedUser {
  userId: string;
  /** Records that keys, decisions or plain silence leave with the user. */
  stays: readonly number[];
  /** The record that brought the user, else its first one: where it stands is where the user stands. */
  core: number;
  /** Records whose keys now speak against the rest: they stay all the same, and somebody should look. */
  contradicted: readonly (readonly number[])[];
}

/** Records that are one person; over several users it is a merge, over none perhaps a new user. */
export interface Unit {
  users: readonly LinkedUser[];
  members: readonly number[];
}

/** Step 3: previous links on top of the components. */
export interface Settlement {
  users: readonly LinkedUser[];
  units: readonly Unit[];
  refusals: readonly Refusal[];
}

/** Lays the previous links over the components: links are sticky, and a union over users must be beyond doubt. */
export function settle(bench: Bench, labels: readonly number[], ages: PartitionInput['users']): Settlement {
  const users = usersByAge(bench, ages).map((userId) => linkedUser(bench, labels, userId));
  const parts = livingParts(bench, labels, new Set(users.flatMap(({ contradicted }) => contradicted.flat())));
  const units: Unit[] = [];
  const refusals: Refusal[] = [];
  const bonds = [...parts, ...users.map(({ stays }) => stays)];
  const alone = bench.records.map((_, index) => index);
  for (const members of groupsOf(
    connect(alone, bonds),
    parts.flat().sort((a, b) => a - b),
  )) {
    const group = new Set(members);
    const within = users.filter(({ core }) => group.has(core));
    const blocks = bonds.filter((bond) => bond.some((index) => group.has(index)));
    if (speakAsOne(bench, members, blocks, bench.sureRules)) {
      units.push({ users: within, members });
      continue;
    }
    refusals.push({ rule: null, members });
    units.push(
      ...keptApart(
        bench,
        within,
        parts.filter((part) => part.some((index) => group.has(index))),
      ),
    );
  }
  return { users, units, refusals };
}

function usersByAge({ records }: Bench, ages: PartitionInput['users']): string[] {
  const createdAt = new Map(ages.map((user) => [user.userId, user.createdAt]));
  const ageOf = (userId: string): string => `${createdAt.get(userId) ?? '~'} ${userId}`;
  const userIds = new Set(records.flatMap(({ link }) => (link === null ? [] : [link.userId])));
  return [...userIds].sort((a, b) => (ageOf(a) < ageOf(b) ? -1 : 1));
}

function linkedUser(bench: Bench, labels: readonly number[], userId: string): LinkedUser {
  const linked = [...bench.records.keys()].filter((index) => bench.records[index]?.link?.userId === userId);
  const core = linked.find((index) => bench.records[index]?.link?.how === 'created') ?? linked[0] ?? 0;
  const own = new Set(linked);
  const blocks = groupsOf(labels, linked);
  const agreed = blocks.filter((block) => block.includes(core));
  let waiting = blocks.filter((block) => !block.includes(core));
  for (let isGrowing = true; isGrowing;) {
    isGrowing = false;
    for (const block of waiting) {
      const together = [...agreed, block];
      if (!speakAsOne(bench, together.flat(), together, bench.sureRules)) continue;
      if (belongsElsewhere(bench, block, agreed.flat(), own)) continue;
      agreed.push(block);
      waiting = waiting.filter((other) => other !== block);
      isGrowing = true;
    }
  }
  const stays = agreed.flat().sort((a, b) => a - b);
  // Who a person's decision calls away is free to go; all others stay, contradicted as they are.
  return { userId, stays, core, contradicted: waiting.filter((block) => !isCalledAway(bench, block, stays, linked)) };
}

/** True where a block is bound to somebody whom people hold apart from the user: it hangs on the one or the other. */
function belongsElsewhere(
  { sureRules, decisions }: Bench,
  block: readonly number[],
  agreed: readonly number[],
  own: ReadonlySet<number>,
): boolean {
  if (decisions.apart.length === 0) return false;
  const members = new Set(block);
  const bonds = [
    ...sureRules.flatMap(({ byKey }) => [...byKey.values()].filter(({ state }) => state === 'key')),
    ...decisions.together.map(({ a, b }) => ({ holders: [a, b] })),
  ].filter(({ holders }) => holders.some((index) => members.has(index)));
  const partners = bonds.flatMap(({ holders }) => holders).filter((index) => !own.has(index));
  const bound = partners.filter((index) => !areHeldApart(new Set([index]), members, decisions));
  return areHeldApart(new Set(bound), new Set(agreed), decisions);
}

function isCalledAway(
  { decisions }: Bench,
  block: readonly number[],
  stays: readonly number[],
  linked: readonly number[],
): boolean {
  if (areHeldApart(new Set(block), new Set(stays), decisions)) return true;
  const own = new Set(linked);
  return decisions.together.some(
    ({ a, b }) => (block.includes(a) && !own.has(b)) || (block.includes(b) && !own.has(a)),
  );
}

/** The components without those who do not follow them; what only such a record held together falls apart. */
function livingParts(bench: Bench, labels: readonly number[], contradicted: ReadonlySet<number>): number[][] {
  return groupsOf(labels).flatMap((component) => {
    const living = component.filter((index) => !contradicted.has(index));
    return living.length === component.length ? [living] : partsOf(bench, living);
  });
}

/** Splits records into those that hang together by sure keys and decisions among themselves. */
function partsOf({ records, sureRules, decisions }: Bench, members: readonly number[]): number[][] {
  const group = new Set(members);
  const bonds = sureRules
    .flatMap(({ byKey }) => [...byKey.values()])
    .filter(({ state }) => state === 'key')
    .map(({ holders }) => holders.filter((index) => group.has(index)));
  for (const { a, b } of decisions.together) if (group.has(a) && group.has(b)) bonds.push([a, b]);
  return groupsOf(
    connect(
      records.map((_, index) => index),
      bonds,
    ),
    members,
  );
}

/** A union over users that is in doubt: each stays what it was, and new records join only whom they beyond doubt belong to. */
function keptApart(bench: Bench, users: readonly LinkedUser[], parts: readonly (readonly number[])[]): Unit[] {
  const settled = new Set(users.flatMap(({ stays }) => stays));
  const joined = new Set<readonly number[]>();
  const units = users.map((user): Unit => {
    const own = parts.filter((part) => part.some((index) => user.stays.includes(index)));
    const candidates = own.filter((part) => part.every((index) => user.stays.includes(index) || !settled.has(index)));
    const fitting = candidates.filter((part) => fits(bench, user, [part]));
    const chosen = fits(bench, user, fitting) ? fitting : fitting.filter((part) => part.includes(user.core));
    for (const part of chosen) joined.add(part);
    return { users: [user], members: [...new Set([...user.stays, ...chosen.flat()])].sort((a, b) => a - b) };
  });
  const left = parts.filter((part) => !joined.has(part));
  const free = left.flatMap((part) =>
    partsOf(
      bench,
      part.filter((index) => !settled.has(index)),
    ),
  );
  return [...units, ...free.map((members) => ({ users: [], members }))];
}

function fits(bench: Bench, { stays }: LinkedUser, parts: readonly (readonly number[])[]): boolean {
  const members = [...new Set([...stays, ...parts.flat()])];
  return speakAsOne(bench, members, [stays, ...parts], bench.sureRules);
}
