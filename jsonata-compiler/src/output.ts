import { fail } from './errors.js';
import type { Run } from './run.js';
import { hasOwn, isArray, isFunction, type JsonObject } from './values.js';

/** What a value that is no string counts for. */
const SCALAR = 8;

/** Checks a result against the output budget; cycles, which transforms can make, end by it too. */
export function checkOutput(value: unknown, run: Run): void {
  if (typeof value === 'string') {
    if (value.length > run.maxOutput) fail('BUDGET_OUTPUT');
  } else if (typeof value === 'object' && value !== null) {
    measure(value, run.maxOutput, run.maxDepth);
  }
}

/** What is left of the budget behind `value`. */
function measure(value: object, left: number, depth: number): number {
  if (left < SCALAR) fail('BUDGET_OUTPUT');
  if (isFunction(value)) return left - SCALAR;
  if (depth === 0) fail('BUDGET_DEPTH');
  return isArray(value)
    ? measureItems(value, left - SCALAR, depth - 1)
    : measureMembers(value as JsonObject, left - SCALAR, depth - 1);
}

function measureItems(items: readonly unknown[], left: number, depth: number): number {
  let rest = left;
  for (const item of items) {
    if (typeof item === 'object' && item !== null) rest = measure(item, rest, depth);
    else if ((rest -= typeof item === 'string' ? item.length + 2 : SCALAR) < 0) fail('BUDGET_OUTPUT');
  }
  return rest;
}

function measureMembers(record: JsonObject, left: number, depth: number): number {
  let rest = left;
  // Without a list of the keys, which would have to be made for every object.
  for (const key in record) {
    if (!hasOwn(record, key)) continue;
    const value = record[key];
    rest -= key.length;
    if (typeof value === 'object' && value !== null) rest = measure(value, rest, depth);
    else if ((rest -= typeof value === 'string' ? value.length + 2 : SCALAR) < 0) fail('BUDGET_OUTPUT');
  }
  return rest;
}
