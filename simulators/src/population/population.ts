/** Somebody as the provider knows them; a change of a profile is another `Person` with the same key. */
export interface Person {
  /** Names the person in this population, never sent. */
  readonly key: string;
  readonly userName: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly displayName: string;
  /** Null for people without a mailbox. */
  readonly email: string | null;
  /** Entra's alias: unique, can change, and some have none. */
  readonly mailNickname: string | null;
  readonly employeeNumber: string;
  readonly title: string | null;
  readonly department: string | null;
  readonly phone: string | null;
  readonly locale: string;
  /** The key of the manager. */
  readonly manager: string | null;
  /** Invited from another organization. */
  readonly isGuest: boolean;
}

/** A group as the provider knows it. */
export interface Team {
  /** Names the group in this population, never sent. */
  readonly key: string;
  readonly name: string;
  /** Keys of people. */
  readonly members: ReadonlySet<string>;
}

/** Everybody and all groups, by key. */
export interface Population {
  readonly people: Map<string, Person>;
  readonly teams: Map<string, Team>;
}

/** One thing that an administrator or HR did at the provider. People are named by key, groups too. */
export type Change =
  | { readonly kind: 'hire'; readonly person: Person }
  | { readonly kind: 'profile'; readonly person: Person }
  | { readonly kind: 'deactivate'; readonly person: string; readonly because: 'unassigned' | 'left' }
  | { readonly kind: 'reactivate'; readonly person: string }
  | { readonly kind: 'delete'; readonly person: string }
  | { readonly kind: 'create-group'; readonly team: Team }
  | { readonly kind: 'rename-group'; readonly group: string; readonly name: string }
  | { readonly kind: 'delete-group'; readonly group: string }
  | {
      readonly kind: 'members';
      readonly group: string;
      readonly add: readonly string[];
      readonly remove: readonly string[];
    };
