import { fail } from './errors.js';
import type { Run } from './run.js';
import { isArray, isRecord, newSequence, own, sequenceOf, SEQUENCE, type JsonObject } from './values.js';

/** Own property `key` of a record, or of each record in an array, as a sequence. */
export function lookUp(input: unknown, key: string, run: Run): unknown {
  if (isArray(input)) {
    const result = newSequence();
    run.enter();
    for (const item of input) {
      run.step();
      const found = isArray(item) ? lookUp(item, key, run) : isRecord(item) ? own(item, key) : undefined;
      if (isArray(found)) pushAll(result, found, run);
      else if (found !== undefined) result.push(found);
    }
    run.leave();
    if (result.length > run.maxSequence) fail('BUDGET_SEQUENCE');
    return result;
  }
  return isRecord(input) ? own(input, key) : undefined;
}

export function pushAll(into: unknown[], items: readonly unknown[], run: Run): void {
  run.items(into.length + items.length > run.maxSequence ? into.length + items.length : items.length);
  for (const item of items) into.push(item);
}

/** Joins two values into one array; nothing is neutral. The result is no sequence, as in the interpreter. */
export function append(left: unknown, right: unknown, run: Run): unknown {
  if (left === undefined) return right;
  if (right === undefined) return left;
  const first = isArray(left) ? left : sequenceOf(left);
  const second = isArray(right) ? right : [right];
  run.items(first.length + second.length);
  return first.concat(second);
}

export function flattenInto(value: unknown, into: unknown[], run: Run): void {
  run.enter();
  if (isArray(value)) for (const item of value) flattenInto(item, into, run);
  else into.push(value);
  run.leave();
}

/** Equality by value; every visited pair is paid for, since cyclic and shared values can be large. */
export function deepEqual(left: unknown, right: unknown, run: Run): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  run.enter();
  const equal = equalObjects(left, right, run);
  run.leave();
  return equal;
}

function equalObjects(left: object, right: object, run: Run): boolean {
  if (isArray(left) && isArray(right)) {
    if (left.length !== right.length) return false;
    for (let index = 0; index < left.length; index++) {
      run.step();
      if (!deepEqual(left[index], right[index], run)) return false;
    }
    return true;
  }
  if (isRecord(left) && isRecord(right)) return equalRecords(left, right, run);
  return isArray(left) ? equalsArray(right, left, run) : isArray(right) && equalsArray(left, right, run);
}

function equalRecords(left: JsonObject, right: JsonObject, run: Run): boolean {
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  for (const key of keys) if (!Object.hasOwn(right, key)) return false;
  run.spend(keys.length);
  // The order of the keys does not matter but to errors, of which there are none here.
  return keys.every((key) => deepEqual(left[key], right[key], run));
}

/** The interpreter compares an array with a record by own names, where the array also owns `length`. */
function equalsArray(record: object, array: readonly unknown[] & { [SEQUENCE]?: true }, run: Run): boolean {
  if (!isRecord(record) || array[SEQUENCE] === true) return false;
  if (Object.keys(record).length !== array.length + 1 || own(record, 'length') !== array.length) return false;
  return array.every((item, index) => {
    run.step();
    return Object.hasOwn(record, String(index)) && deepEqual(item, record[String(index)], run);
  });
}
