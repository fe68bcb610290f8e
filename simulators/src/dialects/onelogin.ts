import type { UserBelief } from '../belief/belief.js';
import type { Person, Team } from '../population/population.js';
import { Random } from '../population/random.js';
import { writtenOver } from '../scim/attributes.js';
import { objectOf, textOf, type JsonObject } from '../scim/json.js';
import { CORE_1, GROUP } from '../scim/urns.js';
import type { Dialect, DialectContext } from './dialect.js';
import { dropGroup, idsOf, removalsOf, renamed, sendToGroup } from './groups.js';
import { filled, legacyTemplate, recommendedTemplate } from './onelogin-template.js';
import { at, create, findFirst, idOf, known, list, patchOf, quoted, read, remove } from './resources.js';

/** Choices of a OneLogin administrator. */
export interface OneLoginSettings {
  /** `1.1`: members with an `operation`. `2.0`: RFC 7644 PatchOp. */
  readonly connector: '1.1' | '2.0';
  /** The administrator's JSON: one of the two kept here, or one of their own. */
  readonly template: 'legacy' | 'recommended' | JsonObject;
  /** What the administrator chose for deleted people. */
  readonly deletion: 'suspend' | 'delete' | 'nothing';
}

/** OneLogin: bodies from a template, our groups are read first, then names that are not there are created. */
export class OneLogin implements Dialect {
  /** Group names at the server, as "Refresh Entitlements" found them: name to id. */
  readonly #entitlements = new Map<string, string>();

  constructor(
    private readonly context: DialectContext,
    private readonly settings: OneLoginSettings,
  ) {}

  async testConnection(): Promise<void> {
    await this.#find(`nobody-${new Random(this.context.seed, 'onelogin:test').text(8, '0123456789abcdef')}`);
  }

  async createUser(person: Person): Promise<void> {
    const user = this.context.belief.addUser(person);
    const body = this.#body(user);
    user.attributes = writtenOver({}, body);
    const there = await this.#find(person.userName);
    if (there === null) {
      const { id, found } = await create(this.context.client, 'Users', body, () => this.#find(person.userName));
      user.id = id;
      if (found === null) return;
    } else user.id = idOf(there, 'GET /Users');
    await this.#put(user);
  }

  async updateUser(person: Person): Promise<void> {
    const user = this.context.belief.user(person.key);
    user.person = person;
    await this.#put(user);
  }

  /** "Suspend" is an update. */
  async deactivateUser(key: string, because: 'unassigned' | 'left'): Promise<void> {
    const user = this.context.belief.user(key);
    user.inactiveBecause = because;
    await this.#put(user);
  }

  async reactivateUser(key: string): Promise<void> {
    const user = this.context.belief.user(key);
    user.inactiveBecause = null;
    await this.#put(user);
  }

  async deleteUser(key: string): Promise<void> {
    const { belief, client } = this.context;
    belief.leaveGroups(key);
    const user = belief.user(key);
    if (this.settings.deletion === 'nothing') return;
    if (this.settings.deletion === 'suspend') {
      if (user.inactiveBecause === null) await this.deactivateUser(key, 'left');
      return;
    }
    const id = known(user.id, `The user ${key}`);
    belief.removeUser(key);
    belief.forgetUser(key);
    await remove(client, 'Users', id);
  }

  /** "Refresh Entitlements": the whole list, unfiltered. Where the server gives less than all, the rest is asked for. */
  async readGroups(): Promise<void> {
    this.#entitlements.clear();
    for (let seen = 0; ;) {
      const query = seen === 0 ? {} : { startIndex: String(seen + 1) };
      const { totalResults, resources } = await list(this.context.client, 'Groups', query, { toleratesNotFound: true });
      for (const group of resources)
        this.#entitlements.set(textOf(group.displayName) ?? '', idOf(group, 'GET /Groups'));
      seen += resources.length;
      if (resources.length === 0 || seen >= totalResults) return;
    }
  }

  /** A rule maps a role to one of the names that were read; a name that is not there is created. */
  async createGroup(team: Team): Promise<void> {
    const group = this.context.belief.addGroup(team);
    group.attributes = { displayName: team.name };
    const there = this.#entitlements.get(team.name);
    if (there === undefined) {
      const schemas = [this.settings.connector === '1.1' ? CORE_1 : GROUP];
      const find = (): Promise<JsonObject | null> => this.#findGroup(team.name);
      group.id = (await create(this.context.client, 'Groups', { schemas, displayName: team.name }, find)).id;
      this.#entitlements.set(team.name, group.id);
    } else group.id = there;
    await this.changeMembers(team.key, [...team.members], []);
  }

  async changeMembers(key: string, add: readonly string[], removed: readonly string[]): Promise<void> {
    const { belief } = this.context;
    const group = belief.group(key);
    const { added, dropped } = belief.moveMembers(group, { add, remove: removed });
    if (added.length + dropped.length === 0) return;
    await sendToGroup(
      this.context,
      group,
      this.settings.connector === '1.1' ? this.#old(added, dropped) : this.#new(added, dropped),
    );
  }

  /** What OneLogin sends when a role's group is renamed is not published. */
  async renameGroup(key: string, name: string): Promise<void> {
    const group = renamed(this.context.belief, key, name);
    const body =
      this.settings.connector === '1.1'
        ? { schemas: [CORE_1], displayName: name }
        : patchOf({ op: 'replace', path: 'displayName', value: name });
    await sendToGroup(this.context, group, body);
  }

  async deleteGroup(key: string): Promise<void> {
    this.#entitlements.delete(this.context.belief.group(key).name);
    await dropGroup(this.context, key);
  }

  #find(userName: string): Promise<JsonObject | null> {
    const query = { filter: `userName eq ${quoted(userName)}` };
    return findFirst(this.context.client, 'Users', query, { toleratesNotFound: true });
  }

  async #findGroup(name: string): Promise<JsonObject | null> {
    await this.readGroups();
    const id = this.#entitlements.get(name);
    return id === undefined ? null : { id };
  }

  #body(user: UserBelief): JsonObject {
    const { template } = this.settings;
    const chosen = template === 'legacy' ? legacyTemplate : template === 'recommended' ? recommendedTemplate : template;
    const body = objectOf(filled(chosen, this.#values(user.person)));
    if (user.inactiveBecause === null || !('active' in body)) return body;
    return { ...body, active: typeof body.active === 'string' ? 'false' : false };
  }

  #values(person: Person): Record<string, string | null> {
    const manager = person.manager === null ? undefined : this.context.people.get(person.manager);
    return {
      'parameters.scimusername': person.userName,
      'parameters.title': person.title,
      'parameters.employee_number': person.employeeNumber,
      'parameters.manager_id': manager?.employeeNumber ?? null,
      'parameters.manager_name': manager?.displayName ?? null,
      'user.id': new Random(this.context.seed, `onelogin:${person.key}`).text(9, '123456789'),
      'user.firstname': person.givenName,
      'user.lastname': person.familyName,
      'user.display_name': person.displayName,
      'user.email': person.email,
      'user.department': person.department,
    };
  }

  async #put(user: UserBelief): Promise<void> {
    const body = this.#body(user);
    user.attributes = writtenOver(user.attributes, body);
    const id = known(user.id, `The user ${user.person.key}`);
    await read(this.context.client, 'Users', id);
    await this.context.client.request('PUT', at('Users', id), { body });
  }

  #old(added: readonly string[], dropped: readonly string[]): JsonObject {
    const members = [
      ...added.map((key) => ({ value: this.context.belief.idOf(key), operation: 'add' })),
      ...dropped.map((key) => ({ value: this.context.belief.idOf(key), operation: 'delete' })),
    ];
    return { schemas: [CORE_1], members };
  }

  #new(added: readonly string[], dropped: readonly string[]): JsonObject {
    const value = idsOf(this.context.belief, added);
    return patchOf(
      ...(added.length === 0 ? [] : [{ op: 'add', path: 'members', value }]),
      ...removalsOf(this.context.belief, dropped),
    );
  }
}
