import type { GroupBelief, UserBelief } from '../belief/belief.js';
import type { Person, Team } from '../population/population.js';
import { Random } from '../population/random.js';
import { writtenOver } from '../scim/attributes.js';
import { isObject, listOf, objectOf, type JsonObject } from '../scim/json.js';
import { ENTERPRISE, GROUP, USER } from '../scim/urns.js';
import type { Dialect, DialectContext } from './dialect.js';
import { dropGroup, patchGroup, putGroup, removalsOf, renamed } from './groups.js';
import { at, create, findFirst, idOf, known, list, patchOf, quoted, read } from './resources.js';

/** Choices of an Okta administrator. */
export interface OktaSettings {
  /** `oin`: an application of Okta's catalogue, PATCH for status and groups. `aiw`: a custom application, PUT for all. */
  readonly style: 'oin' | 'aiw';
  /** Whether the administrator mapped title, phone and the enterprise extension too. */
  readonly profile: 'base' | 'extended';
}

const page = { startIndex: '1', count: '100' };
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Okta: filter, then POST; profiles by GET and PUT; never a DELETE for a user. */
export class Okta implements Dialect {
  constructor(
    private readonly context: DialectContext,
    private readonly settings: OktaSettings,
  ) {}

  async testConnection(): Promise<void> {
    await list(this.context.client, 'Users', { startIndex: '1', count: '2' }, { toleratesNotFound: true });
    await list(this.context.client, 'Groups', page, { toleratesNotFound: true });
  }

  async createUser(person: Person): Promise<void> {
    const user = this.context.belief.addUser(person);
    const body = {
      schemas: [USER, ...(this.settings.profile === 'extended' ? [ENTERPRISE] : [])],
      ...this.#profile(person),
      groups: [],
      password: new Random(this.context.seed, `password:${person.key}`).text(12, letters),
      active: true,
    };
    user.attributes = writtenOver({}, body);
    const there = await this.#findUser(person);
    if (there === null) {
      const { id, found } = await create(this.context.client, 'Users', body, () => this.#findUser(person));
      user.id = id;
      if (found === null) return;
    } else user.id = idOf(there, 'GET /Users');
    await this.#putUser(user);
  }

  async updateUser(person: Person): Promise<void> {
    const user = this.context.belief.user(person.key);
    user.person = person;
    await this.#putUser(user);
  }

  async deactivateUser(key: string, because: 'unassigned' | 'left'): Promise<void> {
    const user = this.context.belief.user(key);
    user.inactiveBecause = because;
    await this.#sendActive(user);
  }

  async reactivateUser(key: string): Promise<void> {
    const user = this.context.belief.user(key);
    user.inactiveBecause = null;
    const there = await this.#findUser(user.person);
    if (there !== null) user.id = idOf(there, 'GET /Users');
    await this.#sendActive(user);
  }

  /** Okta sends nothing when a deactivated user is deleted; it has long said `active: false`. */
  deleteUser(key: string): Promise<void> {
    this.context.belief.leaveGroups(key);
    return Promise.resolve();
  }

  async createGroup(team: Team): Promise<void> {
    const group = this.context.belief.addGroup(team);
    group.attributes = { displayName: team.name };
    const there = await this.#findGroup(team.name);
    if (there === null) {
      const body = { schemas: [GROUP], displayName: team.name, members: [] };
      group.id = (await create(this.context.client, 'Groups', body, () => this.#findGroup(team.name))).id;
    } else group.id = idOf(there, 'GET /Groups');
    await this.changeMembers(team.key, [...team.members], []);
  }

  async changeMembers(key: string, add: readonly string[], removed: readonly string[]): Promise<void> {
    const { belief } = this.context;
    const group = belief.group(key);
    const moved = belief.moveMembers(group, { add, remove: removed }, isAssigned);
    if (this.settings.style === 'aiw') await this.#putGroup(group);
    else await this.#patchMembers(group, moved);
  }

  async renameGroup(key: string, name: string): Promise<void> {
    const group = renamed(this.context.belief, key, name);
    if (this.settings.style === 'aiw') await this.#putGroup(group);
    else await this.#sendName(group);
  }

  /** The administrator's "Push now". */
  async pushMembers(key: string): Promise<void> {
    const group = this.context.belief.group(key);
    if (this.settings.style === 'aiw') {
      await this.#putGroup(group);
      return;
    }
    const keys = this.context.belief.showMembers(group, isAssigned);
    const value = this.#membersOf(keys);
    await patchGroup(this.context, group, { op: 'replace', path: 'members', value });
  }

  /** The administrator unlinks the pushed group and chooses to delete it. */
  async deleteGroup(key: string): Promise<void> {
    await dropGroup(this.context, key);
  }

  #findUser(person: Person): Promise<JsonObject | null> {
    const query = { filter: `userName eq ${quoted(person.userName)}`, ...page };
    return findFirst(this.context.client, 'Users', query, { toleratesNotFound: true });
  }

  #findGroup(name: string): Promise<JsonObject | null> {
    const query = { filter: `displayName eq ${quoted(name)}`, ...page };
    return findFirst(this.context.client, 'Groups', query, { toleratesNotFound: true });
  }

  /** The mapped attributes. Okta wants an address for everybody: the login stands in where there is none. */
  #profile(person: Person): JsonObject {
    const base = {
      userName: person.userName,
      name: { givenName: person.givenName, familyName: person.familyName },
      emails: [{ primary: true, value: person.email ?? person.userName, type: 'work' }],
      displayName: person.displayName,
      locale: person.locale,
      externalId: `00u${new Random(this.context.seed, `okta:${person.key}`).text(17, letters)}`,
    };
    return this.settings.profile === 'base' ? base : { ...base, ...this.#extended(person) };
  }

  /** Okta clears an attribute with an empty string. */
  #extended(person: Person): JsonObject {
    return {
      title: person.title ?? '',
      phoneNumbers: person.phone === null ? [] : [{ value: person.phone, type: 'work' }],
      [ENTERPRISE]: {
        employeeNumber: person.employeeNumber,
        department: person.department ?? '',
        manager: { value: this.#managerNumber(person) },
      },
    };
  }

  /** The administrator mapped the manager's employee number. */
  #managerNumber(person: Person): string {
    return person.manager === null ? '' : (this.context.people.get(person.manager)?.employeeNumber ?? '');
  }

  /** PUT of the body that was just read, with the mapped attributes changed. */
  async #putUser(user: UserBelief): Promise<void> {
    const active = user.inactiveBecause === null;
    const profile = { ...this.#profile(user.person), active };
    user.attributes = writtenOver(user.attributes, profile);
    const id = known(user.id, `The user ${user.person.key}`);
    const fetched = await read(this.context.client, 'Users', id);
    const body = changed(fetched, profile);
    user.attributes = writtenOver(user.attributes, body);
    await this.context.client.request('PUT', at('Users', id), { body });
  }

  async #sendActive(user: UserBelief): Promise<void> {
    if (this.settings.style === 'aiw') {
      await this.#putUser(user);
      return;
    }
    const active = user.inactiveBecause === null;
    user.attributes = { ...user.attributes, active };
    const id = known(user.id, `The user ${user.person.key}`);
    await this.context.client.request('PATCH', at('Users', id), {
      body: patchOf({ op: 'replace', value: { active } }),
    });
  }

  #membersOf(keys: readonly string[]): JsonObject[] {
    return keys.map((key) => {
      const { id, person } = this.context.belief.user(key);
      return { value: id, display: person.userName };
    });
  }

  async #patchMembers(group: GroupBelief, { added, dropped }: { added: string[]; dropped: string[] }): Promise<void> {
    // "The group name update operation is triggered each time there is a group membership update operation."
    await this.#sendName(group);
    const operations = [
      ...removalsOf(this.context.belief, dropped),
      ...(added.length === 0 ? [] : [{ op: 'add', path: 'members', value: this.#membersOf(added) }]),
    ];
    if (operations.length > 0) await patchGroup(this.context, group, ...operations);
  }

  async #sendName(group: GroupBelief): Promise<void> {
    await patchGroup(this.context, group, { op: 'replace', value: { id: group.id, displayName: group.name } });
  }

  #putGroup(group: GroupBelief): Promise<void> {
    return putGroup(this.context, group, (keys) => this.#membersOf(keys), isAssigned);
  }
}

/** Only people who are assigned to the application are sent as members. */
function isAssigned(user: UserBelief): boolean {
  return user.inactiveBecause === null;
}

/** The fetched body with the mapped attributes over it; of a complex attribute and of e-mails the rest stays. */
function changed(fetched: JsonObject, profile: JsonObject): JsonObject {
  const merged = Object.entries(profile).map(([name, value]) => {
    if (name === 'emails') return [name, [...listOf(value), ...listOf(fetched.emails).filter(isSecondary)]];
    return [name, isObject(value) ? { ...objectOf(fetched[name]), ...value } : value];
  });
  const schemas = new Set([...listOf(fetched.schemas), ...(ENTERPRISE in profile ? [ENTERPRISE] : [])]);
  return { ...fetched, schemas: [...schemas], ...(Object.fromEntries(merged) as JsonObject) };
}

function isSecondary(email: unknown): boolean {
  return isObject(email) && email.primary !== true && email.type !== 'work';
}
