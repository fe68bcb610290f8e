import type { Json } from '@rollcall/connector-kit';
import { badRequest } from '../errors.js';
import type { Filter, SelectingPath } from '../filter/ast.js';
import { isObject, isUnassigned, ownFolded } from '../resource/json.js';
import type { Operation } from './operations.js';

/** What one operation does to the members of a group, in terms of rows; the list of all members is never read for it. */
export type MemberStep =
  | { readonly kind: 'add' | 'remove' | 'set'; readonly ids: readonly string[] }
  | { readonly kind: 'removeWhere'; readonly where: Filter };

/** Reads member ids: objects with a `value` (or a `$ref` that ends in it) or plain texts, each once. */
export function readMemberIds(value: Json | undefined): string[] {
  if (isUnassigned(value)) return [];
  const elements = Array.isArray(value) ? value : [value as Json];
  return [...new Set(elements.map(readMemberId))];
}

function readMemberId(element: Json): string {
  const value = isObject(element) ? ownFolded(element, 'value') : element;
  if (typeof value === 'string' && value !== '') return value;
  const reference = isObject(element) ? ownFolded(element, '$ref') : undefined;
  const last = typeof reference === 'string' ? reference.split('/').at(-1) : undefined;
  if (isUnassigned(value) && last !== undefined && last !== '') return last;
  throw badRequest('invalidValue', 'Each of "members" needs the id of a user or group as its "value".');
}

/**
 * Translates an operation on `members`.
 *
 * A `remove` with a value ends only those listed (Entra ID), whatever the letter of the RFC; without one it ends all.
 */
export function memberSteps(operation: Operation, path: SelectingPath): MemberStep[] {
  const { op, value } = operation;
  if (path.sub !== undefined) return partSteps(operation, path);
  if (path.where !== undefined) return selectedSteps(operation, path.where);
  if (op === 'add') return [{ kind: 'add', ids: readMemberIds(value) }];
  if (op === 'replace') return [{ kind: 'set', ids: readMemberIds(value) }];
  if (value === undefined || value === null) return [{ kind: 'set', ids: [] }];
  return [{ kind: 'remove', ids: readMemberIds(value) }];
}

function partSteps({ op, value }: Operation, { sub = '', where }: SelectingPath): MemberStep[] {
  if (op === 'remove' || sub.toLowerCase() !== 'value' || where !== undefined) {
    throw badRequest('mutability', `"members.${sub}" cannot be changed: remove the member and add another.`);
  }
  return [{ kind: op === 'add' ? 'add' : 'set', ids: readMemberIds(value) }];
}

function selectedSteps({ op, value }: Operation, where: Filter): MemberStep[] {
  const named = namedIds(where);
  const removal: MemberStep = named === undefined ? { kind: 'removeWhere', where } : { kind: 'remove', ids: named };
  if (op === 'remove') return [removal];
  const added = isObject(value) && ownFolded(value, 'value') === undefined ? (named ?? []) : readMemberIds(value);
  return op === 'add' ? [{ kind: 'add', ids: added }] : [removal, { kind: 'add', ids: added }];
}

/** The ids that a filter names one by one: `value eq "a" or value eq "b"`. */
function namedIds(where: Filter): string[] | undefined {
  if (where.op === 'eq') {
    const isId = where.path.name?.toLowerCase() === 'value' && where.path.sub === undefined;
    return isId && (typeof where.value === 'string' || typeof where.value === 'number')
      ? [String(where.value)]
      : undefined;
  }
  if (where.op !== 'or') return undefined;
  const all = where.filters.map(namedIds);
  return all.includes(undefined) ? undefined : all.flatMap((ids) => ids ?? []);
}
