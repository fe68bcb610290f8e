import type { GroupBelief, UserBelief } from '../belief/belief.js';
import type { Person, Team } from '../population/population.js';
import { Random } from '../population/random.js';
import { attributesOf, writtenOver } from '../scim/attributes.js';
import type { JsonObject } from '../scim/json.js';
import { ENTERPRISE, GROUP, USER } from '../scim/urns.js';
import type { Dialect, DialectContext } from './dialect.js';
import { dropGroup, idsOf, patchGroup, putGroup, removalsOf, renamed } from './groups.js';
import { at, create, findFirst, idOf, known, list, patchOf, quoted, remove } from './resources.js';

/** Choices of a Rippling administrator. */
export interface RipplingSettings {
  readonly users: 'patch' | 'put';
  /** Whether the administrator ticked "use PATCH to edit groups". */
  readonly groups: 'patch' | 'put';
  /** What is sent at termination. */
  readonly termination: 'deactivate' | 'delete';
}

/** Rippling: few attributes, a group first and its members afterwards, termination as status or as DELETE. */
export class Rippling implements Dialect {
  constructor(
    private readonly context: DialectContext,
    private readonly settings: RipplingSettings,
  ) {}

  async testConnection(): Promise<void> {
    await this.context.client.request('GET', '/ServiceProviderConfig');
    await list(this.context.client, 'Users', { startIndex: '1', count: '1' });
  }

  async createUser(person: Person): Promise<void> {
    await this.#provision(this.context.belief.addUser(person));
  }

  async updateUser(person: Person): Promise<void> {
    const user = this.context.belief.user(person.key);
    user.person = person;
    const before = user.attributes;
    user.attributes = writtenOver(before, this.#body(user));
    const changed = Object.keys(user.attributes).filter((name) => user.attributes[name] !== before[name]);
    await this.#send(user, changed);
  }

  async deactivateUser(key: string, because: 'unassigned' | 'left'): Promise<void> {
    const { belief, client } = this.context;
    const user = belief.user(key);
    user.inactiveBecause = because;
    if (this.settings.termination === 'delete') {
      const id = known(user.id, `The user ${key}`);
      belief.removeUser(key);
      await remove(client, 'Users', id);
      return;
    }
    user.attributes = { ...user.attributes, active: false };
    await this.#send(user, ['active']);
  }

  /** A rehire: who was deleted is created again, and gets another SCIM id. */
  async reactivateUser(key: string): Promise<void> {
    const user = this.context.belief.user(key);
    user.inactiveBecause = null;
    await this.#provision(user);
  }

  deleteUser(key: string): Promise<void> {
    const { belief } = this.context;
    const { id } = belief.user(key);
    if (id === null) belief.forgetUser(key);
    belief.leaveGroups(key);
    return Promise.resolve();
  }

  async createGroup(team: Team): Promise<void> {
    const group = this.context.belief.addGroup(team);
    group.attributes = { displayName: team.name };
    const body = { schemas: [GROUP], displayName: team.name };
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

  async #provision(user: UserBelief): Promise<void> {
    const body = this.#body(user);
    user.attributes = writtenOver(user.id === null ? {} : user.attributes, body);
    const find = (): Promise<JsonObject | null> => this.#find(user.person);
    const there = await find();
    if (there === null) {
      const { id, found } = await create(this.context.client, 'Users', body, find);
      user.id = id;
      if (found === null) return;
    } else user.id = idOf(there, 'GET /Users');
    await this.#send(user, Object.keys(user.attributes));
  }

  #find(person: Person): Promise<JsonObject | null> {
    return findFirst(this.context.client, 'Users', { filter: `userName eq ${quoted(person.userName)}` });
  }

  #findGroup(name: string): Promise<JsonObject | null> {
    return findFirst(this.context.client, 'Groups', { filter: `displayName eq ${quoted(name)}` });
  }

  #body({ person, inactiveBecause }: UserBelief): JsonObject {
    return {
      schemas: [USER, ENTERPRISE],
      externalId: new Random(this.context.seed, `rippling:${person.key}`).text(24, '0123456789abcdef'),
      userName: person.userName,
      emails: [{ value: person.email ?? person.userName, type: 'work', primary: true }],
      name: { givenName: person.givenName, familyName: person.familyName },
      active: inactiveBecause === null,
      [ENTERPRISE]: { employeeNumber: person.employeeNumber },
    };
  }

  async #send(user: UserBelief, changed: readonly string[]): Promise<void> {
    const id = known(user.id, `The user ${user.person.key}`);
    const body = this.#body(user);
    if (this.settings.users === 'put') {
      await this.context.client.request('PUT', at('Users', id), { body: { ...body, id } });
      return;
    }
    const operations = patched(body, new Set(changed));
    if (operations.length > 0)
      await this.context.client.request('PATCH', at('Users', id), { body: patchOf(...operations) });
  }

  async #patchMembers(group: GroupBelief, { added, dropped }: { added: string[]; dropped: string[] }): Promise<void> {
    const operations = [
      ...(added.length === 0 ? [] : [{ op: 'add', path: 'members', value: idsOf(this.context.belief, added) }]),
      ...removalsOf(this.context.belief, dropped),
    ];
    if (operations.length > 0) await patchGroup(this.context, group, ...operations);
  }

  #putGroup(group: GroupBelief): Promise<void> {
    return putGroup(this.context, group, (keys) => idsOf(this.context.belief, keys));
  }
}

/** One replace an attribute: e-mails as a whole list, the rest by path. */
function patched(body: JsonObject, changed: ReadonlySet<string>): JsonObject[] {
  const operations: JsonObject[] = [];
  for (const [name, value] of Object.entries(attributesOf(body))) {
    if (!changed.has(name) || name.startsWith('emails')) continue;
    const path = name.replace(/^enterprise\./, `${ENTERPRISE}:`);
    operations.push({ op: 'replace', path, value });
  }
  const hasEmails = [...changed].some((name) => name.startsWith('emails'));
  return hasEmails ? [...operations, { op: 'replace', path: 'emails', value: body.emails }] : operations;
}
