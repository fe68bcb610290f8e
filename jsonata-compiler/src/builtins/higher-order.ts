import { fail } from '../errors.js';
import { callBack } from '../functions.js';
import type { FunctionValue } from '../function-value.js';
import type { Run } from '../run.js';
import { isFunction, isTrue, keysOf, newSequence, setOwn, type JsonObject } from '../values.js';
import { asItems, type Builtins } from './builtin.js';

function asFunction(value: unknown): FunctionValue {
  if (!isFunction(value)) fail('INVALID_ARGUMENT');
  return value;
}

/** Calls `proc` with the value, and with its place and the whole only if it takes them. */
function callWith(proc: FunctionValue, value: unknown, place: unknown, whole: unknown, run: Run): unknown {
  const { arity } = proc;
  const args = arity >= 3 ? [value, place, whole] : arity === 2 ? [value, place] : [value];
  return callBack(proc, args, run);
}

function checked(results: readonly unknown[], run: Run): unknown {
  if (results.length > run.maxSequence) fail('BUDGET_SEQUENCE');
  return results;
}

function map(items: readonly unknown[], proc: FunctionValue, run: Run): unknown {
  const results = newSequence();
  for (let index = 0; index < items.length; index++) {
    const result = callWith(proc, items[index], index, items, run);
    if (result !== undefined) results.push(result);
  }
  return checked(results, run);
}

function filter(items: readonly unknown[], proc: FunctionValue, run: Run): unknown {
  const results = newSequence();
  for (let index = 0; index < items.length; index++) {
    if (isTrue(callWith(proc, items[index], index, items, run))) results.push(items[index]);
  }
  return checked(results, run);
}

function single(items: readonly unknown[], proc: unknown, run: Run): unknown {
  let found: { readonly item: unknown } | undefined;
  for (let index = 0; index < items.length; index++) {
    run.step();
    const isMatch = proc === undefined || isTrue(callWith(asFunction(proc), items[index], index, items, run));
    if (!isMatch) continue;
    if (found !== undefined) fail('D3138', { index });
    found = { item: items[index] };
  }
  return found === undefined ? fail('D3139') : found.item;
}

function reduce(items: readonly unknown[], proc: FunctionValue, init: unknown, run: Run): unknown {
  const { arity } = proc;
  if (arity < 2) fail('D3050', { index: 1 });
  const isSeeded = init !== undefined || items.length === 0;
  let result = isSeeded ? init : items[0];
  for (let index = isSeeded ? 0 : 1; index < items.length; index++) {
    const args = [result, items[index]];
    if (arity >= 3) args.push(index);
    if (arity >= 4) args.push(items);
    result = callBack(proc, args, run);
  }
  return result;
}

function each(value: unknown, proc: FunctionValue, run: Run): unknown {
  const results = newSequence();
  for (const key of keysOf(value)) {
    const result = callWith(proc, (value as JsonObject)[key], key, value, run);
    if (result !== undefined) results.push(result);
  }
  return checked(results, run);
}

function sift(value: unknown, proc: FunctionValue, run: Run): unknown {
  const kept: JsonObject = {};
  let isEmpty = true;
  for (const key of keysOf(value)) {
    const member = (value as JsonObject)[key];
    if (!isTrue(callWith(proc, member, key, value, run))) continue;
    setOwn(kept, key, member);
    isEmpty = false;
  }
  return isEmpty ? undefined : kept;
}

export const higherOrder: Builtins = {
  map: {
    signature: '<af>',
    arity: 2,
    invoke: ([items, proc], _input, run) =>
      items === undefined ? undefined : map(asItems(items), asFunction(proc), run),
  },
  filter: {
    signature: '<af>',
    arity: 2,
    invoke: ([items, proc], _input, run) =>
      items === undefined ? undefined : filter(asItems(items), asFunction(proc), run),
  },
  single: {
    signature: '<af?>',
    arity: 2,
    invoke: ([items, proc], _input, run) => (items === undefined ? undefined : single(asItems(items), proc, run)),
  },
  reduce: {
    signature: '<afj?:j>',
    arity: 3,
    invoke: ([items, proc, init], _input, run) =>
      items === undefined ? undefined : reduce(asItems(items), asFunction(proc), init, run),
  },
  each: { signature: '<o-f:a>', arity: 2, invoke: ([value, proc], _input, run) => each(value, asFunction(proc), run) },
  sift: {
    signature: '<o-f?:o>',
    arity: 2,
    invoke: ([value, proc], _input, run) =>
      sift(value, keysOf(value).length === 0 ? (proc as FunctionValue) : asFunction(proc), run),
  },
};
