import type { TenantDoor, UserDocument } from '@rollcall/core';
import { population, type Override, type TenantRules, type Truth } from './oracle.js';

/** One person in words that both the store and the oracle know. */
export interface ToldPerson {
  records: string[];
  active: boolean;
  reason: string | null;
  attributes: Record<string, unknown>;
  unknown: string[];
  conflicts: string[];
  groups: string[];
}

/** What must be. */
export function expectedPeople(
  truth: Truth,
  tenant: TenantRules,
  overrides: readonly Override[],
  now: string,
): ToldPerson[] {
  return population(truth, tenant, overrides, now)
    .map((person) => ({
      records: [...person.records].sort(),
      active: person.active,
      reason: person.reason,
      attributes: withoutEmpty({ ...person.attributes }),
      unknown: [...person.unknown].sort(),
      conflicts: person.conflicts
        .map(({ attribute, winner, losers }) => `${attribute}: ${[winner, ...losers].join(' ')}`)
        .sort(),
      groups: [...person.groups].sort(),
    }))
    .sort(byRecords);
}

/**
 * What is, read through the door alone.
 *
 * @throws where somebody is inactive without a reason and a time.
 */
export async function storedPeople(door: TenantDoor): Promise<ToldPerson[]> {
  const users: UserDocument[] = [];
  for (let after: string | undefined; ;) {
    const page = await door.users.list({ limit: 200, ...(after === undefined ? {} : { after }) });
    users.push(...page.items);
    if (page.next === null) break;
    after = String(page.next);
  }
  for (const { active, inactive, id } of users)
    if (!active && !(inactive?.reason && inactive.at))
      throw new Error(`${id} is inactive, and nobody knows why or since when.`);
  const conflicts = (await door.conflicts({ limit: 1000 })).items;
  return users
    .filter((user) => user.mergedInto === null)
    .map((user) => ({
      records: user.records.map((record) => `${record.directory}:${record.sourceId}`).sort(),
      active: user.active,
      reason: user.inactive?.reason ?? null,
      attributes: flat(user.attributes),
      unknown: user.unknown.filter((name) => name !== 'active').sort(),
      conflicts: conflicts
        .filter((conflict) => conflict.user === user.id)
        .map(
          ({ attribute, claims }) =>
            `${attribute}: ${claims.map(({ directory, sourceId }) => `${directory}:${sourceId}`).join(' ')}`,
        )
        .sort(),
      groups: user.groups.map((group) => `${group.directory}/${group.displayName}`).sort(),
    }))
    .sort(byRecords);
}

function byRecords(a: ToldPerson, b: ToldPerson): number {
  return (a.records[0] ?? '') < (b.records[0] ?? '') ? -1 : 1;
}

/** Names flat, as the catalogue spells them. */
function flat(attributes: Record<string, unknown>): Record<string, unknown> {
  const names: Record<string, unknown> = {};
  for (const [head, value] of Object.entries(attributes)) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) names[head] = value;
    else for (const [tail, inner] of Object.entries(value)) names[`${head}.${tail}`] = inner;
  }
  return withoutEmpty(names);
}

function withoutEmpty(attributes: Record<string, unknown>): Record<string, unknown> {
  const known = Object.entries(attributes).filter(
    ([name, value]) => name !== 'active' && value !== null && value !== undefined,
  );
  return Object.fromEntries(known.sort(([a], [b]) => (a < b ? -1 : 1)));
}
