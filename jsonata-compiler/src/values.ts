import { fail } from './errors.js';
import { FunctionValue } from './function-value.js';

/** Marks a JSONata sequence: one item stands for itself, none for nothing. */
export const SEQUENCE: unique symbol = Symbol('sequence');
/** Marks a sequence that stays an array although it has one item. */
export const KEEP: unique symbol = Symbol('keep');
/** Marks an array made by `[…]` inside a path: it is not flattened. */
export const CONS: unique symbol = Symbol('cons');
/** Marks a stream of tuples (`@`, `#`, `%`). */
export const TUPLES: unique symbol = Symbol('tuples');
/** Marks the wrapper around an input that is itself an array. */
export const OUTER: unique symbol = Symbol('outer');

/** An array with the engine's marks. They are symbols, so that neither a record nor JSON can carry or show them. */
export interface Marked extends Array<unknown> {
  [SEQUENCE]?: true;
  [KEEP]?: true;
  [CONS]?: true;
  [TUPLES]?: true;
  [OUTER]?: true;
}

/** A plain record; every read goes through `own`. */
export type JsonObject = Record<string, unknown>;

/** What a tuple stream carries: variables by name, the context under `@`. */
export type Tuple = JsonObject;

/** Not `Object.hasOwn`: that costs one call more, and in a `for in` engines know the answer of this one. */
// eslint-disable-next-line @typescript-eslint/unbound-method -- always called with a record as `this`
export const { hasOwnProperty } = Object.prototype;

export function hasOwn(record: object, key: string): boolean {
  return hasOwnProperty.call(record, key);
}

export function newSequence(): Marked {
  const sequence: Marked = [];
  sequence[SEQUENCE] = true;
  return sequence;
}

export function sequenceOf(item: unknown): Marked {
  const sequence: Marked = [item];
  sequence[SEQUENCE] = true;
  return sequence;
}

export function isArray(value: unknown): value is Marked {
  return Array.isArray(value);
}

export function isSequence(value: unknown): value is Marked {
  return isArray(value) && value[SEQUENCE] === true;
}

export function isFunction(value: unknown): value is FunctionValue {
  return value instanceof FunctionValue;
}

export function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof FunctionValue);
}

/** Reads an own property; what the record does not have itself is undefined. */
export function own(record: JsonObject, key: string): unknown {
  return hasOwn(record, key) ? record[key] : undefined;
}

/** Own keys of an object or array, none of anything else. */
export function keysOf(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

/** Sets an own property; a key that `Object.prototype` knows is defined, so that no setter ever runs. */
export function setOwn(record: JsonObject, key: string, value: unknown): void {
  if (key in Object.prototype) {
    Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    record[key] = value;
  }
}

/** True for numbers but NaN; an infinite one is an error wherever JSONata looks at it. */
export function isNumeric(value: unknown): value is number {
  if (typeof value !== 'number' || Number.isNaN(value)) return false;
  if (!Number.isFinite(value)) fail('D1001');
  return true;
}

export function isArrayOfNumbers(value: unknown): value is number[] {
  if (!Array.isArray(value)) return false;
  let all = true;
  // Every item is looked at, as in the interpreter: an infinite one behind a string is still an error.
  for (const item of value) if (!isNumeric(item)) all = false;
  return all;
}

export function isArrayOfStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** The rule at the end of every evaluated node: an empty sequence is nothing, a single item stands for itself. */
export function settle(value: unknown, keepArray = false): unknown {
  if (!Array.isArray(value)) return value;
  const array = value as Marked;
  if (array[SEQUENCE] !== true || array[TUPLES] === true) return value;
  if (keepArray) array[KEEP] = true;
  if (array.length === 0) return undefined;
  return array.length === 1 && array[KEEP] !== true ? array[0] : array;
}

/** What hangs on a node that changes its value: then the rule for sequences applies behind that, not before. */
interface Hung {
  readonly predicate?: unknown;
  readonly group?: unknown;
  readonly keepArray?: boolean;
}

export function isHung(node: Hung): boolean {
  return node.predicate !== undefined || node.group !== undefined;
}

/** How the raw value of a node is finished. */
export function settler(node: Hung): (value: unknown) => unknown {
  if (isHung(node)) return (value) => value;
  return node.keepArray === true ? (value) => settle(value, true) : (value) => settle(value);
}

/** JSONata's cast to boolean; nothing stays nothing. */
export function truth(value: unknown): boolean | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return value.length > 0;
  if (Array.isArray(value)) return truthOfArray(value);
  if (isNumeric(value)) return value !== 0;
  return isRecord(value) && Object.keys(value).length > 0;
}

function truthOfArray(array: readonly unknown[]): boolean {
  if (array.length === 1) return truth(array[0]) ?? false;
  let some = false;
  // No early exit: an infinite number behind a true item is still an error, as in the interpreter.
  for (const item of array) if (truth(item) === true) some = true;
  return some;
}

export function isTrue(value: unknown): boolean {
  return value === true || (value !== false && truth(value) === true);
}
