import { matches, parseFilter } from './filter.js';
import { isJson, ScimError, type Json } from './scim-error.js';

export const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const core = /^urn:ietf:params:scim:schemas:core:2\.0:(?:User|Group):/i;

const simple = new Set(['userName', 'externalId', 'displayName', 'title', 'locale', 'preferredLanguage', 'active']);
const complex = new Set(['name']);
const multiValued = new Set(['emails', 'phoneNumbers', 'addresses', 'roles', 'members']);
const ofExtension = new Set(['employeeNumber', 'department', 'costCenter', 'division', 'organization', 'manager']);

export interface Operation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: string | undefined;
  readonly value: unknown;
}

/** Reads a PatchOp; `op` in any case, as Entra sends it. */
export function operationsOf(body: Json): Operation[] {
  const list = body.Operations;
  if (!Array.isArray(list) || list.length === 0) throw new ScimError(400, 'invalidSyntax', 'There are no Operations.');
  return (list as unknown[]).map((entry) => {
    const op = isJson(entry) && typeof entry.op === 'string' ? entry.op.toLowerCase() : '';
    if (!isJson(entry) || (op !== 'add' && op !== 'replace' && op !== 'remove'))
      throw new ScimError(400, 'invalidSyntax', `There is no operation ${op}.`);
    return { op, path: typeof entry.path === 'string' ? entry.path : undefined, value: entry.value };
  });
}

/** Applies all operations to a copy, or throws and applies none. */
export function patched(resource: Json, operations: readonly Operation[]): Json {
  const copy = structuredClone(resource);
  for (const operation of operations) apply(copy, operation);
  return copy;
}

function apply(target: Json, { op, path, value }: Operation): void {
  if (path !== undefined) {
    applyAt(target, op, path.replace(core, ''), value);
    return;
  }
  if (op === 'remove') throw new ScimError(400, 'noTarget', 'A remove needs a path.');
  if (!isJson(value)) throw new ScimError(400, 'invalidValue', 'Without a path the value is an object.');
  for (const [name, inner] of Object.entries(value)) {
    if (name === 'id' && inner !== target.id) throw new ScimError(400, 'mutability', 'The id cannot be changed.');
    if (!['id', 'meta', 'schemas'].includes(name)) applyAt(target, op, name.replace(core, ''), inner);
  }
}

function applyAt(target: Json, op: Operation['op'], path: string, value: unknown): void {
  if (path.toLowerCase() === enterprise.toLowerCase() && isJson(value)) {
    for (const [name, inner] of Object.entries(value)) applyToExtension(target, op, name, inner);
    return;
  }
  const inExtension = path.startsWith(`${enterprise}:`) ? path.slice(enterprise.length + 1) : path;
  if (ofExtension.has(inExtension)) applyToExtension(target, op, inExtension, value);
  else applyToCore(target, op, path, value);
}

function applyToExtension(target: Json, op: Operation['op'], name: string, value: unknown): void {
  const extension = isJson(target[enterprise]) ? target[enterprise] : {};
  target[enterprise] = extension;
  const stored = name === 'manager' ? managerFrom(value) : value;
  if (op === 'remove' || isEmpty(stored)) Reflect.deleteProperty(extension, name);
  else extension[name] = stored;
}

/** The bare id, a list of one `$ref`, or the object of the RFC. */
export function managerFrom(value: unknown): Json | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  const id = isJson(first) ? (first.value ?? first.managerId) : first;
  return typeof id === 'string' && id !== '' ? { value: id } : undefined;
}

function applyToCore(target: Json, op: Operation['op'], path: string, value: unknown): void {
  const valuePath = /^(\w+)\[(.*)\](?:\.(\w+))?$/.exec(path);
  if (valuePath !== null) {
    const [, name = '', filter = '', sub] = valuePath;
    applyToElements(target, op, { name, filter, sub }, value);
    return;
  }
  if (multiValued.has(path)) applyToList(target, op, path, value);
  else if (simple.has(path)) assign(target, op, path, path === 'active' ? booleanOf(value) : value);
  else applyToComplex(target, op, path, value);
}

function applyToComplex(target: Json, op: Operation['op'], path: string, value: unknown): void {
  const [name = '', sub] = path.split('.');
  if (!complex.has(name)) throw new ScimError(400, 'invalidPath', `There is no attribute ${path}.`);
  if (sub !== undefined) assign(objectAt(target, name), op, sub, value);
  else if (isJson(value)) Object.assign(objectAt(target, name), value);
  else throw new ScimError(400, 'invalidValue', `${path} is an object.`);
}

/** The object of that name, which comes into being. */
function objectAt(target: Json, name: string): Json {
  const there = target[name];
  const found = isJson(there) ? there : {};
  target[name] = found;
  return found;
}

function assign(target: Json, op: Operation['op'], name: string, value: unknown): void {
  if (op !== 'remove' && !isEmpty(value)) target[name] = value;
  else if (name === 'userName') throw new ScimError(400, 'mutability', 'userName is required.');
  else Reflect.deleteProperty(target, name);
}

function applyToElements(
  target: Json,
  op: Operation['op'],
  { name, filter, sub }: { name: string; filter: string; sub: string | undefined },
  value: unknown,
): void {
  if (!multiValued.has(name)) throw new ScimError(400, 'invalidPath', `There is no list ${name}.`);
  const wanted = parseFilter(filter);
  const list = listAt(target, name);
  const found = list.filter((element) => matches(element, wanted));
  if (op === 'remove') {
    target[name] = list.filter((element) => !found.includes(element));
    return;
  }
  // Entra expects the element to come into being.
  const made = found.length > 0 ? found : [Object.fromEntries(wanted.map((one) => [one.attribute, one.value]))];
  if (found.length === 0) target[name] = [...list, ...made];
  for (const element of made) element[sub ?? 'value'] = value;
}

function applyToList(target: Json, op: Operation['op'], name: string, value: unknown): void {
  const given = (Array.isArray(value) ? (value as unknown[]) : [value]).filter(isJson);
  const list = listAt(target, name);
  const values = new Set(given.map((element) => element.value));
  if (op === 'remove') target[name] = value === undefined ? [] : list.filter((element) => !values.has(element.value));
  else if (op === 'replace') target[name] = given;
  else target[name] = [...list.filter((element) => !values.has(element.value)), ...given];
}

function listAt(target: Json, name: string): Json[] {
  const list = target[name];
  return Array.isArray(list) ? (list as unknown[]).filter(isJson) : [];
}

/** Only what says clearly yes or no. */
export function booleanOf(value: unknown): boolean {
  const text = String(Array.isArray(value) ? value[0] : value).toLowerCase();
  if (text !== 'true' && text !== 'false') throw new ScimError(400, 'invalidValue', `${text} is no boolean.`);
  return text === 'true';
}

export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
