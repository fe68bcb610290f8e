import type { Bench } from './partition-components.js';
import { areHeldApart } from './partition-decisions.js';
import { keyUnder } from './partition-keys.js';
import type { Destination, Merge, UnlinkedReason } from './partition-types.js';
import type { Settlement, Unit } from './partition-users.js';

/** Step 4: where each record goes, by index, and which users become one. */
export interface Destinations {
  byIndex: readonly Destination[];
  merges: readonly Merge[];
  /** The void keys for which somebody is unlinked, each once. */
  voidKeys: readonly VoidKey[];
}

/** A sure key that is none because several records of one directory hold it. */
export interface VoidKey {
  rule: string;
  key: string;
  holders: readonly number[];
}

/** Sends each unit to its oldest user, to a new user, or nowhere; contradicted records go where their user goes. */
export function destinationsOf(bench: Bench, { users, units }: Settlement): Destinations {
  const byIndex: Destination[] = [];
  const voidKeys: VoidKey[] = [];
  const contradicted = new Set(users.flatMap((user) => user.contradicted.flat()));
  for (const unit of units) {
    const [oldest] = unit.users;
    const to: Destination =
      oldest === undefined ? newcomer(bench, unit, units, contradicted) : { kind: 'user', userId: oldest.userId };
    for (const index of unit.members) byIndex[index] = to;
    if (to.kind === 'unlinked' && to.reason === 'voidKey') voidKeys.push(...voidKeysOf(bench, unit));
  }
  for (const user of users) {
    const to = byIndex[user.core];
    for (const index of user.contradicted.flat()) if (to !== undefined) byIndex[index] = to;
  }
  return { byIndex, merges: units.flatMap(mergeOf), voidKeys };
}

function mergeOf({ users }: Unit): Merge[] {
  const [survivor, ...losers] = users.map(({ userId }) => userId);
  return survivor === undefined || losers.length === 0 ? [] : [{ survivor, losers }];
}

/** A unit without a user: the first record that may bring one does, unless it is in doubt whether they have one already. */
function newcomer(bench: Bench, unit: Unit, units: readonly Unit[], contradicted: ReadonlySet<number>): Destination {
  const doubt = doubtOf(bench, unit, units, contradicted);
  if (doubt !== null) return { kind: 'unlinked', reason: doubt };
  const records = unit.members.flatMap((index) => bench.records[index] ?? []);
  const creator = records.find(({ present, canCreate }) => present && canCreate);
  if (creator !== undefined) return { kind: 'new', label: creator.recordId };
  return { kind: 'unlinked', reason: records.some(({ present }) => present) ? 'noCreator' : 'gone' };
}

/**
 * Whether these records may be somebody else's: they have sure keys, and not one is their own. A key is their own when
 * whoever else holds it is another person by decision, or holds it against all that is known of him.
 */
function doubtOf(
  bench: Bench,
  unit: Unit,
  units: readonly Unit[],
  contradicted: ReadonlySet<number>,
): Extract<UnlinkedReason, 'voidKey' | 'refused'> | null {
  const members = new Set(unit.members);
  const isSomebodyElse = (index: number): boolean =>
    members.has(index) || areHeldApart(members, new Set(unitOf(index, units)), bench.decisions);
  let doubt: 'voidKey' | 'refused' | null = null;
  for (const { state, holders } of sureKeysOf(bench, unit)) {
    const others = state === 'key' ? holders.filter((index) => !contradicted.has(index)) : holders;
    if (others.every(isSomebodyElse)) return null;
    doubt = state === 'key' ? 'refused' : (doubt ?? 'voidKey');
  }
  return doubt;
}

function unitOf(index: number, units: readonly Unit[]): readonly number[] {
  return units.find(({ members }) => members.includes(index))?.members ?? [index];
}

function sureKeysOf({ records, sureRules }: Bench, { members }: Unit) {
  return sureRules.flatMap(({ rule, byKey }) =>
    members.flatMap((index) => {
      const record = records[index];
      const key = record === undefined ? null : keyUnder(record, rule);
      const held = key === null ? undefined : byKey.get(key);
      return held === undefined || held.state === 'common' ? [] : [{ ...held, index, rule: rule.name }];
    }),
  );
}

/** The first void key of each record: one review is enough. */
function voidKeysOf(bench: Bench, unit: Unit): VoidKey[] {
  const keys = sureKeysOf(bench, unit);
  return keys.filter(({ index }, position) => keys.findIndex((other) => other.index === index) === position);
}
