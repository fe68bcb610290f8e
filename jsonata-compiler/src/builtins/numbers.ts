import { fail } from '../errors.js';
import type { Run } from '../run.js';
import { asItems, asNumber, type Builtin, type Builtins } from './builtin.js';

const DECIMAL = /^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$/;

/** Hexadecimal at the start, octal anywhere, binary at the end: the interpreter's pattern is anchored no better. */
const OTHER_BASE = /^0[xX][0-9A-Fa-f]+|0[oO][0-7]+|0[bB][0-1]+$/;

/** Rounds half to even, at a decimal place. */
export function round(value: number, precision?: number): number {
  const shifted = precision === undefined || precision === 0 ? value : shift(value, precision);
  let result = Math.round(shifted);
  if (Math.abs(result - shifted) === 0.5 && Math.abs(result % 2) === 1) result -= 1;
  if (precision !== undefined && precision !== 0) result = shift(result, -precision);
  return Object.is(result, -0) ? 0 : result;
}

/** Moves the decimal point in the text of the number: multiplying would add errors of its own. */
function shift(value: number, places: number): number {
  const [mantissa, exponent] = value.toString().split('e');
  return Number(`${mantissa ?? ''}e${exponent === undefined ? places : Number(exponent) + places}`);
}

function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string') return fail('D3030', { index: 1 });
  if (DECIMAL.test(value) && Number.isFinite(Number(value))) return parseFloat(value);
  return OTHER_BASE.test(value) ? Number(value) : fail('D3030', { index: 1 });
}

function squareRoot(value: number): number {
  if (value < 0) fail('D3060', { index: 1 });
  return Math.sqrt(value);
}

function power(base: number, exponent: number): number {
  const result = Math.pow(base, exponent);
  if (!Number.isFinite(result)) fail('D3061', { index: 1 });
  return result;
}

function formatBase(value: number, radix: unknown): string {
  const base = radix === undefined ? 10 : round(asNumber(radix));
  if (base < 2 || base > 36) fail('D3100');
  return round(value).toString(base);
}

function onNumber(change: (value: number) => number): Builtin {
  return {
    signature: '<n-:n>',
    arity: 1,
    invoke: ([value]) => (value === undefined ? undefined : change(asNumber(value))),
  };
}

/** An aggregate of numbers; nothing for nothing and, if `isOfSome`, for an empty array. */
function aggregate(isOfSome: boolean, fold: (items: readonly number[]) => number): Builtin {
  return {
    signature: '<a<n>:n>',
    arity: 1,
    invoke: ([value], _input, run) => {
      if (value === undefined) return undefined;
      const items = asItems(value) as readonly number[];
      run.spend(items.length >>> 2);
      return isOfSome && items.length === 0 ? undefined : fold(items);
    },
  };
}

function sum(items: readonly number[]): number {
  return items.reduce((total, item) => total + item, 0);
}

export const numbers: Builtins = {
  sum: aggregate(false, sum),
  max: aggregate(true, (items) => items.reduce((most, item) => Math.max(most, item), -Infinity)),
  min: aggregate(true, (items) => items.reduce((least, item) => Math.min(least, item), Infinity)),
  average: aggregate(true, (items) => sum(items) / items.length),
  number: {
    signature: '<(nsb)-:n>',
    arity: 1,
    invoke: ([value]) => (value === undefined ? undefined : toNumber(value)),
  },
  floor: onNumber(Math.floor),
  ceil: onNumber(Math.ceil),
  abs: onNumber(Math.abs),
  sqrt: onNumber(squareRoot),
  round: {
    signature: '<n-n?:n>',
    arity: 2,
    invoke: ([value, precision]) =>
      value === undefined
        ? undefined
        : round(asNumber(value), precision === undefined ? undefined : asNumber(precision)),
  },
  power: {
    signature: '<n-n:n>',
    arity: 2,
    invoke: ([base, exponent]) => (base === undefined ? undefined : power(asNumber(base), asNumber(exponent))),
  },
  formatBase: {
    signature: '<n-n?:s>',
    arity: 2,
    invoke: ([value, radix]) => (value === undefined ? undefined : formatBase(asNumber(value), radix)),
  },
  random: { signature: '<:n>', arity: 0, parameters: 1, invoke: (_args, _input, run: Run) => run.random() },
};
