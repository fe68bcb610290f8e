import type { DialectName } from '../dialects/providers.js';
import type { Attributes } from '../scim/attributes.js';
import type { Belief } from './belief.js';

/** A user as the server must show them. */
export interface ExpectedUser {
  readonly key: string;
  /** Null when the server never gave one. */
  readonly id: string | null;
  readonly userName: string;
  /** Null: there must be none. What is not named was never sent and is not compared. */
  readonly attributes: Attributes;
  /** The manager's SCIM id, where one was named; the server may answer it in place of what was sent. */
  readonly managerId: string | null;
}

/** A group as the server must show it. */
export interface ExpectedGroup {
  readonly key: string;
  readonly id: string | null;
  readonly attributes: Attributes;
  /** Keys of users. */
  readonly members: readonly string[];
}

/** What the provider believes of the server, as a document. */
export interface ExpectedState {
  readonly format: 'rollcall.simulator.expected/1';
  readonly dialect: DialectName;
  readonly users: readonly ExpectedUser[];
  readonly groups: readonly ExpectedGroup[];
  /** Ids that were deleted: 404, and in no list. */
  readonly gone: { readonly users: readonly string[]; readonly groups: readonly string[] };
  /** Ids that may stand in a list though the provider has done with them. */
  readonly tolerated: readonly string[];
}

export function expectedOf(dialect: DialectName, belief: Belief): ExpectedState {
  return {
    format: 'rollcall.simulator.expected/1',
    dialect,
    users: [...belief.users.values()]
      .filter(({ id, inactiveBecause }) => id !== null || inactiveBecause === null)
      .map(({ person, id, attributes }) => ({
        key: person.key,
        id,
        userName: typeof attributes.userName === 'string' ? attributes.userName : person.userName,
        attributes: { ...attributes },
        managerId: belief.idOf(person.manager),
      })),
    groups: [...belief.groups.values()].map(({ key, id, attributes, shown }) => ({
      key,
      id,
      attributes: { ...attributes },
      members: [...shown],
    })),
    gone: { users: [...belief.goneUsers], groups: [...belief.goneGroups] },
    tolerated: [...belief.tolerated],
  };
}
