import type { Belief } from '../belief/belief.js';
import type { ScimClient } from '../http/scim-client.js';
import type { Person, Team } from '../population/population.js';

/** One provider's way to speak SCIM. Each method is one step; people and groups are named by key. */
export interface Dialect {
  /** What the provider sends when the administrator presses the button. */
  testConnection(): Promise<void>;
  createUser(person: Person): Promise<void>;
  updateUser(person: Person): Promise<void>;
  deactivateUser(key: string, because: 'unassigned' | 'left'): Promise<void>;
  reactivateUser(key: string): Promise<void>;
  /** The person is deleted at the provider, which may or may not tell the server. */
  deleteUser(key: string): Promise<void>;
  /** Sent apart from the profile, and later. */
  sendManager?(key: string): Promise<void>;
  /** Before groups are pushed for the first time in a cycle. */
  readGroups?(): Promise<void>;
  createGroup(team: Team): Promise<void>;
  changeMembers(group: string, add: readonly string[], remove: readonly string[]): Promise<void>;
  renameGroup(group: string, name: string): Promise<void>;
  /** Sends the whole list of members at once, where the provider has such a step. */
  pushMembers?(group: string): Promise<void>;
  deleteGroup(group: string): Promise<void>;
}

/** What a dialect works with. */
export interface DialectContext {
  readonly client: ScimClient;
  readonly belief: Belief;
  /** Everybody the provider knows by now, by key, also those who were not sent yet. */
  readonly people: ReadonlyMap<string, Person>;
  /** The provider's own ids, passwords and test names come from it. */
  readonly seed: number;
}
