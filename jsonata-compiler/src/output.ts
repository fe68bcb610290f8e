import { fail } from './errors.js';
import type { Run } from './run.js';
import { isArray, isFunction } from './values.js';

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
function measure(value: unknown, left: number, depth: number): number {
  const rest = left - (typeof value === 'string' ? value.length + 2 : SCALAR);
  if (rest < 0) fail('BUDGET_OUTPUT');
  if (typeof value !== 'object' || value === null || isFunction(value)) return rest;
  if (depth === 0) fail('BUDGET_DEPTH');
  return measureParts(value, rest, depth - 1);
}

function measureParts(value: object, left: number, depth: number): number {
  let rest = left;
  if (isArray(value)) {
    for (const item of value) rest = measure(item, rest, depth);
    return rest;
  }
  // Without a list of the keys, which would have to be made for every object.
  for (const key in value) {
    if (Object.hasOwn(value, key)) rest = measure((value as Record<string, unknown>)[key], rest - key.length, depth);
  }
  return rest;
}
