import { fail } from '../errors.js';
import { callBack } from '../functions.js';
import { mergeSort } from '../merge-sort.js';
import type { Run } from '../run.js';
import { append, deepEqual, lookUp } from '../sequences.js';
import {
  isArray,
  isArrayOfNumbers,
  isArrayOfStrings,
  isFunction,
  isRecord,
  isSequence,
  keysOf,
  newSequence,
  setOwn,
  type JsonObject,
  type Marked,
} from '../values.js';
import { asItems, asText, type Builtins } from './builtin.js';

function keys(value: unknown, run: Run): Marked {
  const found = newSequence();
  const names = isArray(value) ? Object.keys(mergedKeys(value, run, {})) : isRecord(value) ? Object.keys(value) : [];
  run.items(names.length);
  for (const name of names) found.push(name);
  return found;
}

function mergedKeys(items: readonly unknown[], run: Run, merged: JsonObject): JsonObject {
  run.enter();
  for (const item of items) {
    run.step();
    if (isArray(item)) mergedKeys(item, run, merged);
    else if (isRecord(item)) for (const name of Object.keys(item)) setOwn(merged, name, true);
  }
  run.leave();
  return merged;
}

/** One object for each property; of an array, those of all its items. */
function spread(value: unknown, run: Run): unknown {
  if (isArray(value)) return spreadItems(value, run);
  if (!isRecord(value)) return value;
  const parts = newSequence();
  for (const [key, member] of Object.entries(value)) {
    run.spend(2);
    const part: JsonObject = {};
    setOwn(part, key, member);
    parts.push(part);
  }
  return parts;
}

function spreadItems(items: Marked, run: Run): unknown {
  const parts: unknown[] = [];
  run.enter();
  let isSpread = false;
  for (const item of items) {
    const part = spread(item, run);
    if (part === undefined) continue;
    isSpread = true;
    const list = isArray(part) ? part : [part];
    run.items(list.length);
    for (const one of list) parts.push(one);
  }
  run.leave();
  if (parts.length > run.maxSequence) fail('BUDGET_SEQUENCE');
  return isSpread ? parts : newSequence();
}

function merge(items: readonly unknown[], run: Run): JsonObject {
  const merged: JsonObject = {};
  for (const item of items) {
    const names = keysOf(item);
    run.spend(names.length + 1);
    for (const name of names) setOwn(merged, name, (item as JsonObject)[name]);
  }
  return merged;
}

function zip(args: readonly unknown[], run: Run): unknown[][] {
  const length = args.reduce((least: number, arg) => Math.min(least, Array.isArray(arg) ? arg.length : 0), Infinity);
  const rows: unknown[][] = [];
  if (!Number.isFinite(length)) return rows;
  run.items(length);
  for (let row = 0; row < length; row++) {
    run.spend(args.length);
    rows.push(args.map((arg) => (arg as readonly unknown[])[row]));
  }
  return rows;
}

/** Drops repetitions; values without parts are found by hash, the others one by one. */
function distinct(value: unknown, run: Run): unknown {
  if (!isArray(value) || value.length <= 1) return value;
  const results: unknown[] = isSequence(value) ? newSequence() : [];
  const seen = new Set<unknown>();
  const compounds: unknown[] = [];
  for (const item of value) {
    run.step();
    const isCompound = typeof item === 'object' && item !== null;
    if (isCompound ? compounds.some((known) => deepEqual(item, known, run)) : seen.has(item) && item === item) continue;
    if (isCompound) compounds.push(item);
    else seen.add(item);
    results.push(item);
  }
  return results;
}

function sort(items: Marked, compare: unknown, run: Run): unknown {
  if (items.length <= 1) return items;
  if (compare !== undefined)
    return mergeSort(items, run, (left, right) => Boolean(callBack(compare, [left, right], run)));
  if (!isArrayOfNumbers(items) && !isArrayOfStrings(items)) fail('D3070', { index: 1 });
  return mergeSort(items, run, (left, right) => (left as string) > (right as string));
}

function shuffle(items: readonly unknown[], run: Run): unknown {
  if (items.length <= 1) return items;
  run.items(items.length);
  const result: unknown[] = [];
  for (const [index, item] of items.entries()) {
    const place = Math.min(index, Math.max(0, Math.floor(run.random() * (index + 1))));
    if (place !== index) result[index] = result[place];
    result[place] = item;
  }
  return result;
}

function reverse(items: readonly unknown[], run: Run): unknown {
  if (items.length <= 1) return items;
  run.items(items.length);
  return Array.from(items).reverse();
}

export const collections: Builtins = {
  count: { signature: '<a:n>', arity: 1, invoke: ([value]) => (value === undefined ? 0 : asItems(value).length) },
  append: { signature: '<xx:a>', arity: 2, invoke: ([left, right], _input, run) => append(left, right, run) },
  keys: { signature: '<x-:a<s>>', arity: 1, invoke: ([value], _input, run) => keys(value, run) },
  lookup: {
    signature: '<x-s:x>',
    arity: 2,
    invoke: ([value, key], _input, run) => lookUp(value, key === undefined ? 'undefined' : asText(key), run),
  },
  spread: {
    signature: '<x-:a<o>>',
    arity: 1,
    invoke: ([value], _input, run) => (isFunction(value) ? value : spread(value, run)),
  },
  merge: {
    signature: '<a<o>:o>',
    arity: 1,
    invoke: ([value], _input, run) => (value === undefined ? undefined : merge(asItems(value), run)),
  },
  reverse: {
    signature: '<a:a>',
    arity: 1,
    invoke: ([value], _input, run) => (value === undefined ? undefined : reverse(asItems(value), run)),
  },
  zip: { signature: '<a+>', arity: 0, parameters: 1, invoke: (args, _input, run) => zip(args, run) },
  distinct: { signature: '<x:x>', arity: 1, invoke: ([value], _input, run) => distinct(value, run) },
  sort: {
    signature: '<af?:a>',
    arity: 2,
    invoke: ([value, compare], _input, run) =>
      value === undefined ? undefined : sort(asItems(value) as Marked, compare, run),
  },
  shuffle: {
    signature: '<a:a>',
    arity: 1,
    invoke: ([value], _input, run) => (value === undefined ? undefined : shuffle(asItems(value), run)),
  },
};
