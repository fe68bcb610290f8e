import type { Person, Team } from '../population/population.js';
import type { Attributes } from '../scim/attributes.js';

/** What the provider believes of one user at the server. */
export interface UserBelief {
  person: Person;
  /** The SCIM id that the server issued; null until it has. */
  id: string | null;
  /** Why the person is inactive at the server; null for the assigned. */
  inactiveBecause: 'unassigned' | 'left' | null;
  /** What must stand there, by name; what is not named was never sent. */
  attributes: Attributes;
}

export interface GroupBelief {
  readonly key: string;
  name: string;
  id: string | null;
  /** Members at the provider, by key. */
  readonly members: Set<string>;
  /** Members that the server must show, by key: what was sent. */
  shown: Set<string>;
  attributes: Attributes;
}

/** All that a provider remembers between two requests. */
export class Belief {
  readonly users = new Map<string, UserBelief>();
  readonly groups = new Map<string, GroupBelief>();
  /** SCIM ids that were deleted and must stay away. */
  readonly goneUsers = new Set<string>();
  readonly goneGroups = new Set<string>();
  /** SCIM ids of resources that are none of the provider's any more and may stay. */
  readonly tolerated = new Set<string>();

  addUser(person: Person): UserBelief {
    const user: UserBelief = { person, id: null, inactiveBecause: null, attributes: {} };
    this.users.set(person.key, user);
    return user;
  }

  addGroup(team: Team): GroupBelief {
    const group: GroupBelief = {
      key: team.key,
      name: team.name,
      id: null,
      members: new Set(),
      shown: new Set(),
      attributes: {},
    };
    this.groups.set(team.key, group);
    return group;
  }

  user(key: string): UserBelief {
    const user = this.users.get(key);
    if (user === undefined) throw new Error(`The provider knows no person ${key}.`);
    return user;
  }

  group(key: string): GroupBelief {
    const group = this.groups.get(key);
    if (group === undefined) throw new Error(`The provider knows no group ${key}.`);
    return group;
  }

  /** The SCIM id of a person, null while there is none. */
  idOf(key: string | null): string | null {
    return key === null ? null : (this.users.get(key)?.id ?? null);
  }

  /**
   * Moves members at the provider.
   *
   * @returns who has to be sent: the added whose SCIM id is known, the removed whom the server shows.
   */
  moveMembers(
    group: GroupBelief,
    { add, remove }: { readonly add: readonly string[]; readonly remove: readonly string[] },
    isSent: (user: UserBelief) => boolean = () => true,
  ): { added: string[]; dropped: string[] } {
    for (const key of add) group.members.add(key);
    for (const key of remove) group.members.delete(key);
    const added = add.filter((key) => group.members.has(key) && this.#isSendable(key, isSent));
    const dropped = remove.filter((key) => group.shown.has(key));
    for (const key of added) group.shown.add(key);
    for (const key of dropped) group.shown.delete(key);
    return { added, dropped };
  }

  /** The whole list of members is about to be sent: whose SCIM id is known, in the order in which they joined. */
  showMembers(group: GroupBelief, isSent: (user: UserBelief) => boolean = () => true): string[] {
    group.shown = new Set([...group.members].filter((key) => this.#isSendable(key, isSent)));
    return [...group.shown];
  }

  #isSendable(key: string, isSent: (user: UserBelief) => boolean): boolean {
    const user = this.users.get(key);
    return user !== undefined && typeof user.id === 'string' && isSent(user);
  }

  /** The provider itself forgets who was a member. */
  leaveGroups(key: string): void {
    for (const group of this.groups.values()) group.members.delete(key);
  }

  /** The user is gone at the server, and with it its memberships. */
  removeUser(key: string): void {
    const user = this.user(key);
    if (user.id !== null) this.goneUsers.add(user.id);
    user.id = null;
    for (const group of this.groups.values()) group.shown.delete(key);
  }

  /** The provider itself forgets the person. */
  forgetUser(key: string): void {
    this.users.delete(key);
    this.leaveGroups(key);
  }

  removeGroup(key: string): void {
    const group = this.group(key);
    if (group.id !== null) this.goneGroups.add(group.id);
    this.groups.delete(key);
  }
}
