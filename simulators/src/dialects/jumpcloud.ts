import type { GroupBelief, UserBelief } from '../belief/belief.js';
import { Refused } from '../http/scim-client.js';
import type { Person, Team } from '../population/population.js';
import { Random } from '../population/random.js';
import { writtenOver } from '../scim/attributes.js';
import type { JsonObject } from '../scim/json.js';
import { ENTERPRISE, GROUP, USER } from '../scim/urns.js';
import type { Dialect, DialectContext } from './dialect.js';
import { dropGroup, idsOf, patchGroup, putGroup, renamed } from './groups.js';
import { at, create, findFirst, idOf, known, patchOf, quoted, read, remove } from './resources.js';

/** Choices of a JumpCloud administrator, and which of its two bodies is sent. */
export interface JumpCloudSettings {
  /** `full`: all attributes, empty lists too. `minimal`: login, name and status, with `emails: null`. */
  readonly put: 'full' | 'minimal';
  /** How status is sent. */
  readonly status: 'put' | 'patch';
  readonly groups: 'patch' | 'put';
  /** What the administrator chose for people who are removed. */
  readonly removal: 'delete' | 'deactivate';
  /** The address of the user that activation creates and deletes; it must be new. */
  readonly testEmail: string;
}

/** JumpCloud: an activation test that leaves nothing behind, PUT for users, member adds that come twice. */
export class JumpCloud implements Dialect {
  constructor(
    private readonly context: DialectContext,
    private readonly settings: JumpCloudSettings,
  ) {}

  /** Creates a user and a group, exercises them, deletes both; a user that cannot be deleted is deactivated. */
  async testConnection(): Promise<void> {
    const { client, belief } = this.context;
    const user = this.#testUser();
    const userId = (await create(client, 'Users', user, () => this.#find(this.settings.testEmail))).id;
    await read(client, 'Users', userId);
    await client.request('PUT', at('Users', userId), { body: { ...user, id: userId, displayName: 'Test Changed' } });
    const group = { schemas: [GROUP], displayName: this.settings.testEmail, members: [] };
    const groupId = (await create(client, 'Groups', group, () => this.#findGroup(group.displayName))).id;
    const addition = patchOf({ op: 'add', path: 'members', value: [{ value: userId }] });
    await client.request('PATCH', at('Groups', groupId), { body: addition });
    await remove(client, 'Groups', groupId);
    belief.goneGroups.add(groupId);
    try {
      await remove(client, 'Users', userId);
      belief.goneUsers.add(userId);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      await client.request('PUT', at('Users', userId), { body: { ...user, id: userId, active: false } });
      belief.tolerated.add(userId);
    }
  }

  async createUser(person: Person): Promise<void> {
    const user = this.context.belief.addUser(person);
    const body = this.#body(person);
    user.attributes = writtenOver({}, body);
    const there = await this.#find(person.userName);
    if (there === null) {
      const { id, found } = await create(this.context.client, 'Users', body, () => this.#find(person.userName));
      user.id = id;
      if (found === null) return;
    } else user.id = idOf(there, 'GET /Users');
    await this.#put(user, 'full');
  }

  async updateUser(person: Person): Promise<void> {
    const user = this.context.belief.user(person.key);
    user.person = person;
    await this.#put(user, this.settings.put);
  }

  async deactivateUser(key: string, because: 'unassigned' | 'left'): Promise<void> {
    const user = this.context.belief.user(key);
    user.inactiveBecause = because;
    await this.#sendStatus(user);
  }

  async reactivateUser(key: string): Promise<void> {
    const user = this.context.belief.user(key);
    user.inactiveBecause = null;
    await this.#sendStatus(user);
  }

  async deleteUser(key: string): Promise<void> {
    const { belief, client } = this.context;
    belief.leaveGroups(key);
    if (this.settings.removal === 'deactivate') return;
    const id = known(belief.user(key).id, `The user ${key}`);
    belief.removeUser(key);
    belief.forgetUser(key);
    await remove(client, 'Users', id);
  }

  async createGroup(team: Team): Promise<void> {
    const group = this.context.belief.addGroup(team);
    group.attributes = { displayName: team.name };
    const body = { schemas: [GROUP], displayName: team.name, members: [] };
    group.id = (await create(this.context.client, 'Groups', body, () => this.#findGroup(team.name))).id;
    await this.changeMembers(team.key, [...team.members], []);
  }

  async changeMembers(key: string, add: readonly string[], removed: readonly string[]): Promise<void> {
    const { belief } = this.context;
    const group = belief.group(key);
    const moved = belief.moveMembers(group, { add, remove: removed });
    if (this.settings.groups === 'put') await this.#putGroup(group);
    else await this.#patchMembers(group, moved);
  }

  async renameGroup(key: string, name: string): Promise<void> {
    const group = renamed(this.context.belief, key, name);
    if (this.settings.groups === 'put') await this.#putGroup(group);
    else await patchGroup(this.context, group, { op: 'replace', path: 'displayName', value: name });
  }

  async deleteGroup(key: string): Promise<void> {
    await dropGroup(this.context, key);
  }

  #testUser(): JsonObject {
    const { testEmail } = this.settings;
    return {
      schemas: [USER, ENTERPRISE],
      userName: testEmail,
      name: { givenName: 'Test', familyName: 'User' },
      displayName: 'Test User',
      emails: [{ value: testEmail, type: 'work', primary: true }],
      active: true,
    };
  }

  #find(userName: string): Promise<JsonObject | null> {
    return findFirst(this.context.client, 'Users', { filter: `userName eq ${quoted(userName)}` });
  }

  #findGroup(name: string): Promise<JsonObject | null> {
    return findFirst(this.context.client, 'Groups', { filter: `displayName eq ${quoted(name)}` });
  }

  /** Both schemas are listed whether or not the extension is there. */
  #body(person: Person): JsonObject {
    return {
      schemas: [USER, ENTERPRISE],
      userName: person.userName,
      name: { givenName: person.givenName, familyName: person.familyName },
      displayName: person.displayName,
      emails: [{ value: person.email ?? person.userName, type: 'work', primary: true }],
      phoneNumbers: person.phone === null ? [] : [{ value: `tel:${person.phone}`, type: 'work', primary: true }],
      addresses: [{ type: 'work', primary: true, locality: 'Berlin', country: 'DE' }],
      title: person.title ?? '',
      active: true,
      externalId: new Random(this.context.seed, `jumpcloud:${person.key}`).text(24, '0123456789abcdef'),
      ...(person.department === null
        ? {}
        : { [ENTERPRISE]: { employeeNumber: person.employeeNumber, department: person.department } }),
    };
  }

  #full(user: UserBelief, id: string): JsonObject {
    return {
      ...this.#body(user.person),
      schemas: [ENTERPRISE, USER],
      id,
      groups: [],
      active: user.inactiveBecause === null,
      [ENTERPRISE]: { employeeNumber: user.person.employeeNumber, department: user.person.department ?? '' },
    };
  }

  #minimal({ person, inactiveBecause }: UserBelief): JsonObject {
    return {
      schemas: [USER],
      userName: person.userName,
      name: { givenName: person.givenName, familyName: person.familyName },
      active: inactiveBecause === null,
      emails: null,
    };
  }

  async #put(user: UserBelief, kind: 'full' | 'minimal'): Promise<void> {
    const id = known(user.id, `The user ${user.person.key}`);
    const body = kind === 'full' ? this.#full(user, id) : this.#minimal(user);
    // `emails: null` and the absent externalId of a minimal PUT say nothing about the person: what was there must stay.
    const { emails, ...said } = body;
    user.attributes = writtenOver(user.attributes, emails === null ? said : body);
    await this.context.client.request('PUT', at('Users', id), { body });
  }

  async #sendStatus(user: UserBelief): Promise<void> {
    if (this.settings.status === 'put') {
      await this.#put(user, this.settings.put);
      return;
    }
    const active = user.inactiveBecause === null;
    user.attributes = { ...user.attributes, active };
    const id = known(user.id, `The user ${user.person.key}`);
    const body = patchOf({ op: 'replace', path: 'active', value: active });
    await this.context.client.request('PATCH', at('Users', id), { body });
  }

  async #patchMembers(group: GroupBelief, { added, dropped }: { added: string[]; dropped: string[] }): Promise<void> {
    if (dropped.length > 0)
      await patchGroup(this.context, group, {
        op: 'remove',
        path: 'members',
        value: idsOf(this.context.belief, dropped),
      });
    if (added.length === 0) return;
    const addition = { op: 'add', path: 'members', value: idsOf(this.context.belief, added) };
    await patchGroup(this.context, group, addition);
    // JumpCloud adds who is a member already.
    await patchGroup(this.context, group, addition);
  }

  #putGroup(group: GroupBelief): Promise<void> {
    return putGroup(this.context, group, (keys) => idsOf(this.context.belief, keys));
  }
}
