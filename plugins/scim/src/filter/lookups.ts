import type { JsonObject } from '@rollcall/connector-kit';
import { indexForm } from '../resource/fold.js';
import { isObject, own } from '../resource/json.js';
import { resolveAttribute } from '../schema/resolve.js';
import type { ResourceType } from '../schema/resource-types.js';
import type { Filter, SelectingPath } from './ast.js';
import { listed } from './values.js';

/** The attributes that are indexed, by the name under which their values stand in the index. */
export type IndexedAttribute = 'userName' | 'externalId' | 'displayName' | 'emails';

/** A value in the index. Its form is folded where letters are alike, and at most 200 characters long. */
export interface IndexKey {
  readonly attribute: IndexedAttribute;
  readonly form: string;
}

/** A question that an index answers. `id` and `member` are ids as they are. */
export type Lookup =
  | IndexKey
  | { readonly attribute: 'id'; readonly form: string }
  | { readonly attribute: 'member'; readonly form: string };

/** Makes the key of a value. */
export function indexKey(attribute: IndexedAttribute, value: string): IndexKey {
  return { attribute, form: indexForm(value, attribute === 'externalId') };
}

/** All keys of a resource, each once. */
export function keysOf(resource: JsonObject): IndexKey[] {
  const keys: IndexKey[] = [];
  for (const attribute of ['userName', 'externalId', 'displayName'] as const) {
    const value = own(resource, attribute);
    if (typeof value === 'string') keys.push(indexKey(attribute, value));
  }
  for (const element of listed(own(resource, 'emails'))) {
    const value = isObject(element) ? own(element, 'value') : undefined;
    if (typeof value === 'string') keys.push(indexKey('emails', value));
  }
  return [...new Map(keys.map((key) => [`${key.attribute}:${key.form}`, key])).values()];
}

/**
 * Finds look-ups whose answers together hold everything that a filter can select; each answer is still to be put to the
 * filter.
 *
 * @returns undefined when only a walk over all resources answers it.
 */
export function lookupsOf(filter: Filter, type: ResourceType): readonly Lookup[] | undefined {
  switch (filter.op) {
    case 'and':
      return best(filter.filters.map((part) => lookupsOf(part, type)));
    case 'or':
      return union(filter.filters.map((part) => lookupsOf(part, type)));
    case 'eq':
      return ofComparison(filter.path, filter.value, type);
    case 'has':
      return ofElements(filter.path, filter.where, type);
    default:
      return undefined;
  }
}

function best(found: readonly (readonly Lookup[] | undefined)[]): readonly Lookup[] | undefined {
  return found
    .filter((lookups) => lookups !== undefined)
    .reduce<readonly Lookup[] | undefined>(
      (a, b) => (a === undefined || b.length < a.length || (b.length === 1 && b[0]?.attribute === 'id') ? b : a),
      undefined,
    );
}

function union(found: readonly (readonly Lookup[] | undefined)[]): readonly Lookup[] | undefined {
  const all: Lookup[] = [];
  for (const lookups of found) {
    if (lookups === undefined) return undefined;
    all.push(...lookups);
  }
  return [...new Map(all.map((lookup) => [`${lookup.attribute}:${lookup.form}`, lookup])).values()];
}

function ofComparison(path: SelectingPath, value: unknown, type: ResourceType): readonly Lookup[] | undefined {
  const { extension, name = '', sub } = resolveAttribute(type, path);
  if (extension !== undefined || (typeof value !== 'string' && typeof value !== 'number')) return undefined;
  const text = String(value);
  const isWhole = sub === undefined && path.where === undefined;
  if (isSingle(name)) return isWhole ? [singleLookup(name, text)] : undefined;
  return sub === undefined || sub === 'value' ? elementLookup(name, text) : undefined;
}

function singleLookup(name: (typeof SINGLE)[number], text: string): Lookup {
  return name === 'id' ? { attribute: 'id', form: text } : indexKey(name, text);
}

function elementLookup(name: string, text: string): readonly Lookup[] | undefined {
  if (name === 'emails') return [indexKey('emails', text)];
  return name === 'members' ? [{ attribute: 'member', form: text }] : undefined;
}

const SINGLE = ['id', 'userName', 'externalId', 'displayName'] as const;

function isSingle(name: string): name is (typeof SINGLE)[number] {
  return (SINGLE as readonly string[]).includes(name);
}

function ofElements(path: SelectingPath, where: Filter, type: ResourceType): readonly Lookup[] | undefined {
  switch (where.op) {
    case 'eq':
      return where.path.name?.toLowerCase() === 'value' && where.path.sub === undefined
        ? ofComparison({ ...path, sub: 'value' }, where.value, type)
        : undefined;
    case 'and':
      return best(where.filters.map((part) => ofElements(path, part, type)));
    case 'or':
      return union(where.filters.map((part) => ofElements(path, part, type)));
    default:
      return undefined;
  }
}
