import type { Person } from '../population/population.js';
import type { Attributes } from '../scim/attributes.js';
import { Belief } from './belief.js';

/** A belief as JSON, so that another process can go on. */
export interface SavedBelief {
  readonly users: readonly {
    readonly person: Person;
    readonly id: string | null;
    readonly inactiveBecause: 'unassigned' | 'left' | null;
    readonly attributes: Attributes;
  }[];
  readonly groups: readonly {
    readonly key: string;
    readonly name: string;
    readonly id: string | null;
    readonly members: readonly string[];
    readonly shown: readonly string[];
    readonly attributes: Attributes;
  }[];
  readonly goneUsers: readonly string[];
  readonly goneGroups: readonly string[];
  readonly tolerated: readonly string[];
}

export function savedBelief(belief: Belief): SavedBelief {
  return {
    users: [...belief.users.values()].map((user) => ({ ...user, attributes: { ...user.attributes } })),
    groups: [...belief.groups.values()].map((group) => ({
      ...group,
      members: [...group.members],
      shown: [...group.shown],
      attributes: { ...group.attributes },
    })),
    goneUsers: [...belief.goneUsers],
    goneGroups: [...belief.goneGroups],
    tolerated: [...belief.tolerated],
  };
}

export function restoredBelief(saved: SavedBelief): Belief {
  const belief = new Belief();
  for (const user of saved.users) belief.users.set(user.person.key, { ...user, attributes: { ...user.attributes } });
  for (const group of saved.groups)
    belief.groups.set(group.key, {
      ...group,
      members: new Set(group.members),
      shown: new Set(group.shown),
      attributes: { ...group.attributes },
    });
  for (const id of saved.goneUsers) belief.goneUsers.add(id);
  for (const id of saved.goneGroups) belief.goneGroups.add(id);
  for (const id of saved.tolerated) belief.tolerated.add(id);
  return belief;
}
