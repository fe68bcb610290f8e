import type { UserBelief } from '../belief/belief.js';
import type { Person, Team } from '../population/population.js';
import { Random } from '../population/random.js';
import { attributesOf, type Attributes, type Scalar } from '../scim/attributes.js';
import type { JsonObject } from '../scim/json.js';
import { ADSCIM_GROUP, ENTERPRISE, GROUP, USER } from '../scim/urns.js';
import type { Dialect, DialectContext } from './dialect.js';
import { isFiltered, mappedAttributes, userNameOf, type MappedAttribute } from './entra-attributes.js';
import { dropGroup, idsOf, patchGroup, removalsOf, renamed } from './groups.js';
import { at, create, findFirst, idOf, known, list, patchOf, quoted, readIfThere, remove } from './resources.js';

/** Choices of an Entra ID administrator. */
export interface EntraSettings {
  /** What the administrator mapped to `externalId` of users; groups always carry their object id. */
  readonly externalId: 'mailNickname' | 'objectId';
  /** Members that go into one PATCH; several such are sent at once. */
  readonly membersPerRequest: number;
  /** `reference`: path `manager` with a list of `$ref`, as Microsoft's samples show. `urn`: full path and the bare id. */
  readonly manager: 'urn' | 'reference';
  /** Whether the base URL carries `aadOptscim062020`. */
  readonly isCompliant: boolean;
}

const withoutMembers = { excludedAttributes: 'members' };

/** Entra ID: a PATCH path per attribute, nothing is ever cleared, users before groups before managers. */
export class Entra implements Dialect {
  constructor(
    private readonly context: DialectContext,
    private readonly settings: EntraSettings,
  ) {}

  async testConnection(): Promise<void> {
    const query = { filter: `userName eq ${quoted(guid(this.context.seed, 'connection test'))}` };
    await list(this.context.client, 'Users', query);
  }

  async createUser(person: Person): Promise<void> {
    await this.#provision(this.context.belief.addUser(person));
  }

  async updateUser(person: Person): Promise<void> {
    const user = this.context.belief.user(person.key);
    user.person = person;
    this.#believe(user);
    const id = known(user.id, `The user ${person.key}`);
    const there = await readIfThere(this.context.client, 'Users', id);
    if (there === null) await this.#createAgain(user);
    else await this.#bringUpToDate(user, there);
  }

  async deactivateUser(key: string, because: 'unassigned' | 'left'): Promise<void> {
    const user = this.context.belief.user(key);
    user.inactiveBecause = because;
    user.attributes.active = false;
    await this.#patchUser(user, [{ op: this.#op('Replace'), path: 'active', value: this.#boolean(false) }]);
  }

  /** Memberships are not sent again. */
  async reactivateUser(key: string): Promise<void> {
    const user = this.context.belief.user(key);
    user.inactiveBecause = null;
    await this.#provision(user);
  }

  /** Thirty days after a soft delete; never for who was only unassigned. */
  async deleteUser(key: string): Promise<void> {
    const user = this.context.belief.user(key);
    if (user.inactiveBecause === 'unassigned') return;
    const id = known(user.id, `The user ${key}`);
    this.context.belief.removeUser(key);
    this.context.belief.forgetUser(key);
    await remove(this.context.client, 'Users', id);
  }

  /** A manager who was never created here is left out, and not sent later either. */
  async sendManager(key: string): Promise<void> {
    const user = this.context.belief.user(key);
    const manager = this.context.belief.idOf(user.person.manager);
    if (user.person.manager !== null && manager === null) return;
    if ((user.attributes['enterprise.manager'] ?? null) === manager) return;
    user.attributes['enterprise.manager'] = manager;
    const id = known(user.id, `The user ${key}`);
    if (manager !== null && (await this.#isManager(id, manager))) return;
    await this.#patchUser(user, [this.#managerOperation(manager)]);
  }

  async createGroup(team: Team): Promise<void> {
    const group = this.context.belief.addGroup(team);
    const externalId = guid(this.context.seed, `group:${team.key}`);
    group.attributes = { displayName: team.name, externalId };
    const there = await this.#findGroup(team.name);
    if (there === null) {
      const body = {
        schemas: [GROUP, ADSCIM_GROUP],
        externalId,
        displayName: team.name,
        meta: { resourceType: 'Group' },
      };
      group.id = (await create(this.context.client, 'Groups', body, () => this.#findGroup(team.name))).id;
    } else group.id = idOf(there, 'GET /Groups');
    await readIfThere(this.context.client, 'Groups', group.id, withoutMembers);
    await this.changeMembers(team.key, [...team.members], []);
  }

  /** The parts of a large change are sent at once. */
  async changeMembers(key: string, add: readonly string[], removed: readonly string[]): Promise<void> {
    const { belief } = this.context;
    const group = belief.group(key);
    const { added, dropped } = belief.moveMembers(group, { add, remove: removed });
    await Promise.all(this.#chunks(added).map((part) => patchGroup(this.context, group, this.#addition(part))));
    await Promise.all(this.#chunks(dropped).map((part) => patchGroup(this.context, group, ...this.#removals(part))));
  }

  async renameGroup(key: string, name: string): Promise<void> {
    const group = renamed(this.context.belief, key, name);
    const operation = this.settings.isCompliant
      ? { op: 'replace', value: { displayName: name } }
      : { op: 'Replace', path: 'displayName', value: name };
    await patchGroup(this.context, group, operation);
  }

  async deleteGroup(key: string): Promise<void> {
    await dropGroup(this.context, key);
  }

  /** The server no longer knows an id that it gave: all that was sent before is gone with it. */
  async #createAgain(user: UserBelief): Promise<void> {
    this.context.belief.removeUser(user.person.key);
    user.attributes = {};
    await this.#provision(user);
  }

  /** Filter, then POST; who is found is brought up to date. */
  async #provision(user: UserBelief): Promise<void> {
    this.#believe(user);
    const find = (): Promise<JsonObject | null> => this.#findUser(user.person);
    const there = await find();
    if (there !== null) {
      user.id = idOf(there, 'GET /Users');
      await this.#bringUpToDate(user, there);
      return;
    }
    const { id, found } = await create(this.context.client, 'Users', this.#body(user.person), find);
    user.id = id;
    if (found !== null) await this.#bringUpToDate(user, found);
  }

  /** Null at the source is never sent, so what stood before still stands. */
  #believe(user: UserBelief): void {
    for (const { name, value } of this.#mapping()) {
      const wanted = value(user.person);
      if (wanted !== null) user.attributes[name] = wanted;
    }
    user.attributes.active = user.inactiveBecause === null;
  }

  #mapping(): readonly MappedAttribute[] {
    const value = (person: Person): Scalar =>
      this.settings.externalId === 'objectId' ? guid(this.context.seed, `user:${person.key}`) : person.mailNickname;
    return [...mappedAttributes, { path: 'externalId', name: 'externalId', value }];
  }

  #body(person: Person): JsonObject {
    const wanted = Object.fromEntries(this.#mapping().map(({ name, value }) => [name, value(person)]));
    const typed = (name: string): JsonObject[] =>
      wanted[name] === null ? [] : [{ primary: true, type: 'work', value: wanted[name] }];
    return {
      schemas: [USER, ENTERPRISE],
      ...(wanted.externalId === null ? {} : { externalId: wanted.externalId }),
      userName: userNameOf(person),
      active: true,
      addresses: null,
      displayName: person.displayName,
      ...(person.email === null ? {} : { emails: typed('emails[work]') }),
      meta: { resourceType: 'User' },
      name: { formatted: person.displayName, familyName: person.familyName, givenName: person.givenName },
      phoneNumbers: person.phone === null ? null : typed('phoneNumbers[work]'),
      preferredLanguage: person.locale,
      roles: [],
      department: null,
      title: person.title,
      [ENTERPRISE]: { employeeNumber: person.employeeNumber, department: person.department },
    };
  }

  /** One operation an attribute that differs from what was just read. */
  async #bringUpToDate(user: UserBelief, there: JsonObject): Promise<void> {
    const actual: Attributes = attributesOf(there);
    const changes = this.#mapping().flatMap((attribute) => {
      const value = attribute.value(user.person);
      return value === null || value === actual[attribute.name] ? [] : [{ attribute, value }];
    });
    const active = user.inactiveBecause === null;
    const all: Changed[] = [
      ...changes,
      ...(actual.active === active ? [] : [{ attribute: activeAttribute, value: active }]),
    ];
    const operations = this.settings.isCompliant ? compliant(all, actual) : all.map((change) => pathed(change, actual));
    if (operations.length > 0) await this.#patchUser(user, operations);
  }

  #managerOperation(manager: string | null): JsonObject {
    const path = `${ENTERPRISE}:manager`;
    if (manager === null) return { op: this.#op('Replace'), path, value: '' };
    if (this.settings.manager === 'urn') return { op: this.#op('Add'), path, value: manager };
    const { client } = this.context;
    return {
      op: this.#op('Add'),
      path: 'manager',
      value: [{ $ref: client.addressOf(at('Users', manager)), value: manager }],
    };
  }

  async #isManager(id: string, manager: string): Promise<boolean> {
    const filter = `id eq ${quoted(id)} and manager eq ${quoted(manager)}`;
    const { totalResults } = await list(this.context.client, 'Users', { filter, attributes: 'id' });
    return totalResults > 0;
  }

  #addition(keys: readonly string[]): JsonObject {
    return { op: this.#op('Add'), path: 'members', value: this.#references(keys) };
  }

  #removals(keys: readonly string[]): JsonObject[] {
    if (!this.settings.isCompliant) return [{ op: 'Remove', path: 'members', value: this.#references(keys) }];
    return removalsOf(this.context.belief, keys);
  }

  #references(keys: readonly string[]): JsonObject[] {
    return idsOf(this.context.belief, keys).map(({ value }) => ({ $ref: null, value }));
  }

  #chunks(keys: readonly string[]): string[][] {
    const size = this.settings.membersPerRequest;
    return Array.from({ length: Math.ceil(keys.length / size) }, (_, n) => keys.slice(n * size, (n + 1) * size));
  }

  /** The compliant dialect writes operations in lower case. */
  #op(name: 'Add' | 'Replace' | 'Remove'): string {
    return this.settings.isCompliant ? name.toLowerCase() : name;
  }

  #boolean(value: boolean): boolean | string {
    if (this.settings.isCompliant) return value;
    return value ? 'True' : 'False';
  }

  #findUser(person: Person): Promise<JsonObject | null> {
    return findFirst(this.context.client, 'Users', { filter: `userName eq ${quoted(userNameOf(person))}` });
  }

  #findGroup(name: string): Promise<JsonObject | null> {
    const query = { ...withoutMembers, filter: `displayName eq ${quoted(name)}` };
    return findFirst(this.context.client, 'Groups', query);
  }

  async #patchUser(user: UserBelief, operations: readonly JsonObject[]): Promise<void> {
    const id = known(user.id, `The user ${user.person.key}`);
    await this.context.client.request('PATCH', at('Users', id), { body: patchOf(...operations) });
  }
}

interface Changed {
  readonly attribute: MappedAttribute;
  readonly value: Scalar;
}

const activeAttribute: MappedAttribute = { path: 'active', name: 'active', value: () => true };

/** The default dialect: a path an attribute, capitals, booleans as text. */
function pathed({ attribute, value }: Changed, actual: Attributes): JsonObject {
  const text = typeof value === 'boolean' ? (value ? 'True' : 'False') : value;
  return { op: isThere(actual, attribute) ? 'Replace' : 'Add', path: attribute.path, value: text };
}

/** With `aadOptscim062020`: filtered paths apart, all else in one pathless operation a kind. */
function compliant(changes: readonly Changed[], actual: Attributes): JsonObject[] {
  const opOf = ({ attribute }: Changed): string => (isThere(actual, attribute) ? 'replace' : 'add');
  const filtered = changes
    .filter(({ attribute }) => isFiltered(attribute))
    .map((change) => ({ op: opOf(change), path: change.attribute.path, value: change.value }));
  const pathless = ['add', 'replace'].flatMap((op) => {
    const these = changes.filter((change) => !isFiltered(change.attribute) && opOf(change) === op);
    const value = Object.fromEntries(these.map((change) => [change.attribute.path, change.value]));
    return these.length === 0 ? [] : [{ op, value }];
  });
  return [...filtered, ...pathless];
}

function isThere(actual: Attributes, { name }: MappedAttribute): boolean {
  return (actual[name] ?? null) !== null;
}

/** An object id: the same for the same seed and name. */
function guid(seed: number, name: string): string {
  const hex = new Random(seed, `entra:${name}`).text(30, '0123456789abcdef');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(12, 15)}`, `a${hex.slice(15, 18)}`, hex.slice(18, 30)].join(
    '-',
  );
}
