import { booleanOf, enterprise, isEmpty, managerFrom, operationsOf, patched, type Operation } from './patch.js';
import { isJson, ScimError, type Json } from './scim-error.js';

export type ResourceName = 'Users' | 'Groups';

export interface Resource {
  readonly id: string;
  /** Without `id`, `meta` and `members`. */
  attributes: Json;
  /** Members of a group by SCIM id. */
  members: Map<string, Json>;
  version: number;
}

/** What is done wrong on purpose; a field names the mistake. */
export interface Mistakes {
  /** A PATCH of a member is answered and not stored. */
  losesMember?: (userId: string) => boolean;
  /** A PATCH that takes this member out is answered and not applied. */
  keepsMember?: (userId: string) => boolean;
  /** A PUT or PATCH that does not name members empties the group. */
  emptiesOnRename?: boolean;
  /** Members are read, and written some turns later: what came in between is lost. */
  racesOnMembers?: boolean;
  /** A PATCH of this path is answered and not applied. */
  ignoresPath?: string;
  /** Any text but the empty one is true, as in JavaScript. */
  takesTextAsTrue?: boolean;
  /** A user is answered under a name that nobody created, and every time it is created it is there already. */
  refusesUserName?: string;
  /** A user who is not active is no longer answered by id. */
  hidesInactive?: boolean;
  /** Deleted users are still answered. */
  keepsDeleted?: boolean;
  /** The second page begins one resource too early. */
  repeatsOnPages?: boolean;
}

export interface StoreOptions {
  /** A PUT leaves alone what it does not name, and e-mails that are null. Else it clears them, as RFC 7644 3.5.1 allows. */
  readonly putKeeps: boolean;
  readonly mistakes: Mistakes;
  readonly newId: (resource: ResourceName) => string;
}

const keyOf = { Users: 'userName', Groups: 'displayName' } as const;
const readOnly = new Set(['id', 'meta', 'groups', 'password', 'members']);

/** Users and groups in memory, with the rules of RFC 7643 and 7644. */
export class Resources {
  readonly Users = new Map<string, Resource>();
  readonly Groups = new Map<string, Resource>();
  readonly #idByName = { Users: new Map<string, string>(), Groups: new Map<string, string>() };

  constructor(private readonly options: StoreOptions) {}

  byName(kind: ResourceName, name: string): Resource | undefined {
    const id = this.#idByName[kind].get(folded(name));
    return id === undefined ? undefined : this[kind].get(id);
  }

  get(kind: ResourceName, id: string): Resource {
    const resource = this[kind].get(id);
    if (resource === undefined) throw new ScimError(404, undefined, `There is no ${id} among ${kind}.`);
    return resource;
  }

  create(kind: ResourceName, body: Json): Resource {
    const attributes = this.#cleaned(body);
    const name = this.#nameOf(kind, attributes);
    if (kind === 'Users' && folded(name) === folded(this.options.mistakes.refusesUserName ?? ''))
      throw new ScimError(409, 'uniqueness', `${name} is there already.`);
    this.#checkFree(kind, name, undefined);
    const resource: Resource = { id: this.options.newId(kind), attributes, members: this.#members(body), version: 1 };
    this[kind].set(resource.id, resource);
    this.#idByName[kind].set(folded(name), resource.id);
    return resource;
  }

  replace(kind: ResourceName, id: string, body: Json): Resource {
    const resource = this.get(kind, id);
    const { putKeeps } = this.options;
    const given = putKeeps && body.emails === null ? { ...body, emails: resource.attributes.emails } : body;
    const before = putKeeps ? resource.attributes : {};
    this.#store(kind, resource, this.#cleaned({ ...before, ...given }));
    if (kind === 'Groups' && ('members' in body || !putKeeps)) resource.members = this.#members(body);
    return resource;
  }

  patch(kind: ResourceName, id: string, body: Json): Resource {
    const resource = this.get(kind, id);
    const all = 'Operations' in body ? operationsOf(body) : olderOperations(body);
    const operations = all.filter(({ path }) => path === undefined || path !== this.options.mistakes.ignoresPath);
    const before = { ...resource.attributes, id, members: [...resource.members.values()] };
    const after = patched(
      before,
      operations.map((operation) => this.#withMistakes(operation)),
    );
    const members = this.#withMistakesIn(this.#members(after), resource, operations);
    this.#store(kind, resource, this.#cleaned(after));
    resource.members = members;
    return resource;
  }

  #withMistakesIn(members: Map<string, Json>, before: Resource, operations: readonly Operation[]): Map<string, Json> {
    const { keepsMember, emptiesOnRename } = this.options.mistakes;
    const namesMembers = operations.some(({ path }) => path?.startsWith('members'));
    if (emptiesOnRename && !namesMembers) return new Map();
    const kept = [...before.members].filter(([id]) => keepsMember?.(id));
    return new Map([...members, ...kept]);
  }

  delete(kind: ResourceName, id: string): void {
    const resource = this.get(kind, id);
    if (this.options.mistakes.keepsDeleted) return;
    this[kind].delete(id);
    this.#idByName[kind].delete(folded(this.#nameOf(kind, resource.attributes)));
    if (kind === 'Users') for (const group of this.Groups.values()) group.members.delete(id);
  }

  #withMistakes(operation: Operation): Operation {
    const { takesTextAsTrue } = this.options.mistakes;
    return takesTextAsTrue && operation.path === 'active'
      ? { ...operation, value: Boolean(operation.value) }
      : operation;
  }

  #store(kind: ResourceName, resource: Resource, attributes: Json): void {
    const name = this.#nameOf(kind, attributes);
    this.#checkFree(kind, name, resource.id);
    this.#idByName[kind].delete(folded(this.#nameOf(kind, resource.attributes)));
    this.#idByName[kind].set(folded(name), resource.id);
    resource.attributes = attributes;
    resource.version += 1;
  }

  #nameOf(kind: ResourceName, attributes: Json): string {
    const name = attributes[keyOf[kind]];
    if (typeof name !== 'string' || name === '')
      throw new ScimError(400, 'invalidValue', `${keyOf[kind]} is required.`);
    return name;
  }

  #checkFree(kind: ResourceName, name: string, id: string | undefined): void {
    const there = this.#idByName[kind].get(folded(name));
    if (there !== undefined && there !== id) throw new ScimError(409, 'uniqueness', `${name} is there already.`);
  }

  /** Members whom the store knows; others are an error of the client. */
  #members(body: Json): Map<string, Json> {
    const list = Array.isArray(body.members) ? (body.members as unknown[]).filter(isJson) : [];
    const members = new Map<string, Json>();
    for (const { value, display } of list) {
      if (typeof value !== 'string' || !this.Users.has(value))
        throw new ScimError(400, 'invalidValue', `There is no user ${String(value)}.`);
      if (!this.options.mistakes.losesMember?.(value))
        members.set(value, { value, ...(display === undefined ? {} : { display }) });
    }
    return members;
  }

  /** What is kept of a body: typed, without nulls, and without what only the server may say. */
  #cleaned(body: Json): Json {
    const kept = Object.entries(body).filter(([name, value]) => !readOnly.has(name) && !isEmpty(value));
    const attributes = Object.fromEntries(kept.map(([name, value]) => [name, cleanedValue(name, value)]));
    if (!('active' in attributes)) return attributes;
    const active = this.options.mistakes.takesTextAsTrue ? Boolean(attributes.active) : booleanOf(attributes.active);
    return { ...attributes, active };
  }
}

function cleanedValue(name: string, value: unknown): unknown {
  if (name === 'emails' && isJson(value)) return [value];
  if (!isJson(value)) return value;
  const entries = Object.entries(value).filter(([, inner]) => !isEmpty(inner));
  const sub: Json = Object.fromEntries(entries);
  if (name === enterprise && 'manager' in sub) {
    const manager = managerFrom(sub.manager);
    if (manager === undefined) Reflect.deleteProperty(sub, 'manager');
    else sub.manager = manager;
  }
  return sub;
}

/** SCIM 1.1: members with an `operation`, other attributes as they shall be. */
function olderOperations(body: Json): Operation[] {
  const members = Array.isArray(body.members) ? (body.members as unknown[]).filter(isJson) : [];
  const others = Object.entries(body).filter(([name]) => name !== 'members' && name !== 'schemas');
  return [
    ...others.map(([path, value]): Operation => ({ op: 'replace', path, value })),
    ...members.map(({ value, operation }): Operation => ({
      op: operation === 'delete' ? 'remove' : 'add',
      path: 'members',
      value: [{ value }],
    })),
  ];
}

export function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
