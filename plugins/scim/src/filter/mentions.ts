import { resolveAttribute } from '../schema/resolve.js';
import type { ResourceType } from '../schema/resource-types.js';
import type { AttributePath, Filter } from './ast.js';

/** True when a filter asks for a core attribute, so that it has to be read first. */
export function mentions(filter: Filter, name: string, type: ResourceType): boolean {
  switch (filter.op) {
    case 'and':
    case 'or':
      return filter.filters.some((part) => mentions(part, name, type));
    case 'not':
      return mentions(filter.filter, name, type);
    default:
      return isNamed(filter.path, name, type);
  }
}

/**
 * The member ids that a filter asks for one by one, so that those alone need to be read.
 *
 * @returns undefined when it asks for members in any other way: all of them are needed.
 */
export function memberIdsIn(filter: Filter, type: ResourceType): readonly string[] | undefined {
  switch (filter.op) {
    case 'and':
    case 'or':
      return gathered(filter.filters.map((part) => memberIdsIn(part, type)));
    case 'not':
      return memberIdsIn(filter.filter, type);
    default:
      return isNamed(filter.path, 'members', type) ? idsAskedFor(filter) : [];
  }
}

function idsAskedFor(filter: Exclude<Filter, { op: 'and' | 'or' | 'not' }>): readonly string[] | undefined {
  if (filter.op === 'has') {
    const { where } = filter;
    return where.op === 'eq' && isValue(where.path.name) ? [String(where.value)] : undefined;
  }
  if (filter.op !== 'eq' || filter.value === null || filter.path.where !== undefined) return undefined;
  return isValue(filter.path.sub ?? 'value') ? [String(filter.value)] : undefined;
}

function isValue(name: string | undefined): boolean {
  return name?.toLowerCase() === 'value';
}

function gathered(parts: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  return parts.includes(undefined) ? undefined : [...new Set(parts.flatMap((ids) => ids ?? []))];
}

function isNamed(path: AttributePath, name: string, type: ResourceType): boolean {
  const target = resolveAttribute(type, path);
  return target.extension === undefined && target.name === name;
}
