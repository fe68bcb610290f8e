import { isObject, listOf, type JsonObject } from './json.js';

/** A scalar; null says that there must be none. */
export type Scalar = string | number | boolean | null;

/**
 * A resource's attributes by one name each: `userName`, `name.givenName`, `emails[work]`, `emails.primary`,
 * `addresses[work].locality`, `enterprise.department`.
 */
export type Attributes = Record<string, Scalar>;

/** What the server owns, and what is compared by other means. */
const untouched = new Set(['schemas', 'id', 'meta', 'groups', 'password', 'members', 'roles', 'entitlements']);

/** The attributes of a resource or of a request's body. */
export function attributesOf(resource: JsonObject): Attributes {
  const found: Attributes = {};
  for (const [name, value] of Object.entries(resource)) if (!untouched.has(name)) collect(found, rootName(name), value);
  return found;
}

/** Names the extension `enterprise`, whatever version's URN it came under. */
function rootName(name: string): string {
  return /^urn:.*:extension:enterprise:/i.test(name) ? 'enterprise' : name;
}

function collect(found: Attributes, name: string, value: unknown): void {
  if (name === 'enterprise.manager') found[name] = managerOf(value);
  else if (multiValued.has(name)) collectElements(found, name, value);
  else if (isObject(value)) for (const [sub, inner] of Object.entries(value)) collect(found, `${name}.${sub}`, inner);
  else found[name] = scalarOf(value);
}

const multiValued = new Set(['emails', 'phoneNumbers', 'addresses', 'ims', 'photos']);

function collectElements(found: Attributes, name: string, value: unknown): void {
  for (const element of listOf(value).filter(isObject)) {
    const type = typeof element.type === 'string' ? element.type.toLowerCase() : 'other';
    if ('value' in element) found[`${name}[${type}]`] = scalarOf(element.value);
    else collectParts(found, `${name}[${type}]`, element);
    if (name === 'emails' && element.primary === true) found['emails.primary'] = scalarOf(element.value);
  }
}

function collectParts(found: Attributes, name: string, element: JsonObject): void {
  for (const [part, value] of Object.entries(element))
    if (part !== 'type' && part !== 'primary') found[`${name}.${part}`] = scalarOf(value);
}

/** RFC 7643 says `value`, SCIM 1.1 said `managerId`, some send the bare id. */
function managerOf(value: unknown): Scalar {
  return isObject(value) ? scalarOf(value.value ?? value.managerId) : scalarOf(value);
}

function scalarOf(value: unknown): Scalar {
  if (value === '' || value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return JSON.stringify(value);
}

/**
 * What must stand at the server after a body was written over what stood before: what the body names counts, the rest
 * stays.
 */
export function writtenOver(before: Attributes, body: JsonObject): Attributes {
  const named = new Set(Object.keys(body).map(rootName));
  const emptied = Object.keys(before).filter((name) => named.has(name.split(/[.[]/)[0] ?? name));
  return { ...before, ...Object.fromEntries(emptied.map((name) => [name, null])), ...typed(attributesOf(body)) };
}

/** Providers send booleans as text; the server must have understood. */
function typed(attributes: Attributes): Attributes {
  const { active } = attributes;
  return typeof active === 'string' ? { ...attributes, active: active.toLowerCase() === 'true' } : attributes;
}
