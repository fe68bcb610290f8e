import type { Json, JsonObject } from '@rollcall/connector-kit';
import { badRequest, shown } from '../errors.js';
import type { AttributePath } from '../filter/ast.js';
import { readAttributePath } from '../filter/attribute-path.js';
import { comparedOf, elementsAt } from '../filter/values.js';
import type { ListParameters } from '../http/query.js';
import { fold } from '../resource/fold.js';
import { isObject, own } from '../resource/json.js';
import { resolveAttribute } from '../schema/resolve.js';
import type { ResourceType } from '../schema/resource-types.js';

/** In what order a list is wanted. */
export interface Sort {
  readonly path: AttributePath;
  readonly isDescending: boolean;
}

/** By what a resource is sorted; undefined where it has no value. */
export type SortKey = string | number | undefined;

/**
 * Reads `sortBy` and `sortOrder` (RFC 7644 section 3.4.2.3).
 *
 * @throws ScimError 400 `invalidPath` or `invalidValue`.
 */
export function readSort({ sortBy, sortOrder }: ListParameters): Sort | undefined {
  if (sortBy === undefined || sortBy.trim() === '') return undefined;
  const path = readAttributePath(sortBy.trim());
  if (path?.name === undefined) throw badRequest('invalidPath', `"sortBy" names no attribute: ${shown(sortBy)}.`);
  const order = sortOrder?.trim().toLowerCase() ?? 'ascending';
  if (order !== 'ascending' && order !== 'descending' && order !== '') {
    throw badRequest('invalidValue', '"sortOrder" must be ascending or descending.');
  }
  return { path, isDescending: order === 'descending' };
}

/** The value by which a resource is sorted: of a list the primary one or the first. */
export function sortKeyOf(resource: JsonObject, { path }: Sort, type: ResourceType): SortKey {
  const target = resolveAttribute(type, path);
  const elements = elementsAt(resource, target);
  const chosen = elements.find((element) => isObject(element) && own(element, 'primary') === true) ?? elements[0];
  if (chosen === undefined) return undefined;
  const { values, definition } = comparedOf([chosen], target);
  return asKey(values[0], definition?.caseExact === true || definition?.type === 'dateTime');
}

function asKey(value: Json | undefined, isCaseExact: boolean): SortKey {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string') return undefined;
  return isCaseExact ? value : fold(value);
}

/** Compares keys: by code unit, missing ones last when ascending and first when descending. */
export function compareKeys(a: SortKey, b: SortKey, { isDescending }: Sort): number {
  const sign = isDescending ? -1 : 1;
  if (a === undefined || b === undefined) return a === b ? 0 : sign * (a === undefined ? 1 : -1);
  const [left, right] = typeof a === typeof b ? [a, b] : [String(a), String(b)];
  return left === right ? 0 : sign * (left < right ? -1 : 1);
}
