import { isJson, ScimError, type Json } from './scim-error.js';

/** `attribute eq value`, the only comparison that the simulated providers use, joined by `and`. */
export interface Comparison {
  readonly attribute: string;
  readonly value: unknown;
}

const comparison = /^\s*([\w.:-]+|\w+\[[^\]]*\]\.\w+) eq ("(?:[^"\\]|\\.)*"|true|false)/;

/** RFC 7644 section 3.4.2.2, as far as it goes here; anything else is `invalidFilter`. */
export function parseFilter(text: string): Comparison[] {
  const found: Comparison[] = [];
  let rest = text;
  for (;;) {
    const match = comparison.exec(rest);
    if (match === null) throw new ScimError(400, 'invalidFilter', `The filter ${text} cannot be read.`);
    found.push({ attribute: match[1] ?? '', value: JSON.parse(match[2] ?? '') as unknown });
    rest = rest.slice(match[0].length);
    if (rest.trim() === '') return found;
    if (!rest.startsWith(' and ')) throw new ScimError(400, 'invalidFilter', `The filter ${text} cannot be read.`);
    rest = rest.slice(' and '.length);
  }
}

export function matches(resource: Json, filter: readonly Comparison[]): boolean {
  return filter.every(({ attribute, value }) =>
    valuesAt(resource, attribute).some((actual) => isEqual(attribute, actual, value)),
  );
}

const caseExact = new Set(['id', 'externalId', 'value']);

function isEqual(attribute: string, actual: unknown, wanted: unknown): boolean {
  if (typeof actual !== 'string' || typeof wanted !== 'string' || caseExact.has(attribute)) return actual === wanted;
  return actual.normalize('NFC').toLowerCase() === wanted.normalize('NFC').toLowerCase();
}

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

function valuesAt(resource: Json, attribute: string): unknown[] {
  const valuePath = /^(\w+)\[(.*)\]\.(\w+)$/.exec(attribute);
  if (valuePath !== null) {
    const [, name = '', filter = '', sub = ''] = valuePath;
    return elements(resource[name])
      .filter((element) => matches(element, parseFilter(filter)))
      .map((element) => element[sub]);
  }
  if (attribute === 'manager') return [managerOf(resource)];
  const [name = '', sub] = attribute.split('.');
  if (sub === undefined)
    return Array.isArray(resource[name]) ? elements(resource[name]).map(({ value }) => value) : [resource[name]];
  return elements(resource[name]).map((element) => element[sub]);
}

function managerOf(resource: Json): unknown {
  const extension = resource[enterprise];
  const manager = isJson(extension) ? extension.manager : undefined;
  return isJson(manager) ? manager.value : undefined;
}

function elements(value: unknown): Json[] {
  return (Array.isArray(value) ? (value as unknown[]) : [value]).filter(isJson);
}
