import { connect, groupsOf } from './partition-components.js';
import type { RuleKeys } from './partition-keys.js';
import type { PartitionFinding, PartitionInput, PartitionRecord } from './partition-types.js';

/**
 * Cuts a set into the closed components that it is made of: no key, user or decision reaches from one to another, so each
 * can be decided by itself, and a batch costs no more than its people one by one.
 *
 * @param records - sorted; the holders in `sureRules` are indexes into them.
 */
export function split(
  input: PartitionInput,
  records: readonly PartitionRecord[],
  sureRules: readonly RuleKeys[],
  common: readonly PartitionFinding[],
): PartitionInput[] {
  const indexes = new Map(records.map(({ recordId }, index) => [recordId, index]));
  const byUser = new Map<string, number[]>();
  for (const [index, { link }] of records.entries()) {
    if (link !== null) byUser.set(link.userId, [...(byUser.get(link.userId) ?? []), index]);
  }
  const bonds: number[][] = [...byUser.values()];
  for (const { byKey } of sureRules) {
    for (const { state, holders } of byKey.values()) if (state !== 'common') bonds.push([...holders]);
  }
  const decisions = input.decisions.flatMap((decision) => {
    const [a, b] = [indexes.get(decision.a), indexes.get(decision.b)];
    return a === undefined || b === undefined ? [] : [{ decision, a, b }];
  });
  for (const { a, b } of decisions) bonds.push([a, b]);
  const alone = records.map((_, index) => index);
  const labels = connect(alone, bonds);
  const createdAt = new Map(input.users.map((user) => [user.userId, user.createdAt]));
  return groupsOf(labels).map((members) => {
    const own = members.flatMap((index) => records[index] ?? []);
    const userIds = new Set(own.flatMap(({ link }) => link?.userId ?? []));
    return {
      records: own,
      rules: input.rules,
      decisions: decisions.filter(({ a }) => labels[a] === labels[members[0] ?? 0]).map(({ decision }) => decision),
      users: [...userIds].map((userId) => ({ userId, createdAt: createdAt.get(userId) ?? '' })),
      // Who else holds a common key stands outside the component, so what it is must be said.
      keyCounts: common,
    };
  });
}
