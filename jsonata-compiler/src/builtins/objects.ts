import { fail } from '../errors.js';
import { copyJson } from '../text.js';
import { isFunction, isNumeric, truth } from '../values.js';
import type { Builtins } from './builtin.js';

/** How much of an author's own message an error carries. */
const MESSAGE_LENGTH = 200;

function message(text: unknown, otherwise: string): string {
  return typeof text === 'string' && text !== '' ? text.slice(0, MESSAGE_LENGTH) : otherwise;
}

function typeOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (value === null) return 'null';
  if (isNumeric(value)) return 'number';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  if (Array.isArray(value)) return 'array';
  return isFunction(value) ? 'function' : 'object';
}

function not(value: unknown): boolean | undefined {
  const result = truth(value);
  return result === undefined ? undefined : !result;
}

export const objects: Builtins = {
  boolean: { signature: '<x-:b>', arity: 1, invoke: ([value]) => truth(value) },
  not: { signature: '<x-:b>', arity: 1, invoke: ([value]) => not(value) },
  exists: { signature: '<x:b>', arity: 1, invoke: ([value]) => value !== undefined },
  type: { signature: '<x:s>', arity: 1, invoke: ([value]) => typeOf(value) },
  clone: {
    signature: '<(oa)-:o>',
    arity: 1,
    invoke: ([value], _input, run) => (value === undefined ? undefined : copyJson(value, run)),
  },
  error: {
    signature: '<s?:x>',
    arity: 1,
    invoke: ([text]) => fail('D3137', { text: message(text, '$error() function evaluated') }),
  },
  assert: {
    signature: '<bs?:x>',
    arity: 2,
    invoke: ([condition, text]) =>
      condition ? undefined : fail('D3141', { text: message(text, '$assert() statement failed') }),
  },
  eval: { signature: '<sx?:x>', arity: 2, invoke: () => fail('REFUSED_EVAL') },
};
