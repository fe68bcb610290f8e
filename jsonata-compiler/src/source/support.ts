import { replaceText } from '../builtins/matching.js';
import { cut, substring, trim } from '../builtins/strings.js';
import { JsonataError } from '../errors.js';
import type { Frame } from '../frame.js';
import { FunctionValue } from '../function-value.js';
import { apply, Definition, handOn } from '../functions.js';
import { flattenStep } from '../nodes/path.js';
import { hits } from '../nodes/filter.js';
import { stamp } from '../nodes/operators.js';
import { UNREAD, type Run } from '../run.js';
import { append, lookUp } from '../sequences.js';
import {
  CONS,
  hasOwnProperty,
  isArray,
  isArrayOfNumbers,
  isFunction,
  isNumeric,
  isTrue,
  own,
  SEQUENCE,
  settle,
  type Marked,
} from '../values.js';

/** Of a short text: without a limit, so that engines can remember what they split. */
function splitShort(text: string, separator: string, run: Run): string[] {
  const parts = text.split(separator);
  run.items(parts.length);
  return parts;
}

function replaceAllText(text: string, pattern: string, replacement: string, run: Run): string {
  return replaceText(text, pattern, replacement, Infinity, run);
}

/** Most texts need no trimming; that is seen sooner than a regular expression can say it. */
function trimShort(text: string): string {
  let isSpace = true;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 32 || (code !== 32 && code !== 9 && code !== 10 && code !== 13)) isSpace = false;
    else if (isSpace || code !== 32) return trim(text);
    else isSpace = true;
  }
  return isSpace ? trim(text) : text;
}

function joinShort(items: readonly string[], separator: string): string {
  let joined = items[0] ?? '';
  for (let at = 1; at < items.length; at++) joined += separator + (items[at] ?? '');
  return joined;
}

type Operate = (left: unknown, right: unknown, run: Run) => unknown;

/** A call site of a built-in, for the values that the written form does not handle. */
export interface Site {
  readonly global: number;
  readonly token: unknown;
  readonly position: number | undefined;
  /** What becomes of the value: settled, or left raw for a predicate. */
  readonly finish: (value: unknown) => unknown;
}

/** The functions that generated source calls; it reaches nothing else. */
export const support = {
  UNREAD,
  has: hasOwnProperty,
  own,
  isTrue,
  settle,
  stamp,
  append,
  trim: trimShort,
  join: joinShort,
  cut,
  substring,
  split: splitShort,
  replace: replaceAllText,
  isDigits: (text: string): boolean => /^[0-9]+$/.test(text),

  /** Marks what a predicate keeps. */
  sequence(items: Marked): Marked {
    items[SEQUENCE] = true;
    return items;
  },

  /** Whether an array holds strings only, which together are short. */
  areShort(items: readonly unknown[]): boolean {
    let length = 0;
    for (const item of items) {
      if (typeof item !== 'string') return false;
      length += item.length + 8;
    }
    return length <= 256;
  },

  /** An operator in full, errors stamped with its place. */
  operate(
    operate: Operate,
    node: { readonly position?: number; readonly value?: unknown },
    left: unknown,
    right: unknown,
    run: Run,
  ): unknown {
    try {
      return operate(left, right, run);
    } catch (error) {
      throw stamp(error, node);
    }
  },

  /** A call in full, with the arguments evaluated. */
  call(site: Site, args: unknown[], input: unknown, run: Run): unknown {
    const proc = run.globals[site.global];
    const values = proc instanceof Definition ? args : args.map((arg) => (isFunction(arg) ? handOn(arg) : arg));
    try {
      if (proc instanceof FunctionValue && proc.isDefinition) proc.mark(run.id, site.token, site.position);
      return site.finish(apply(proc, values, input, run));
    } catch (error) {
      if (error instanceof JsonataError) {
        error.position ??= site.position;
        error.token ??= site.token;
      }
      throw error;
    }
  },

  /** A field of every record in an array. */
  field(value: unknown, name: string, run: Run): unknown {
    return settle(lookUp(value, name, run));
  },

  /** A step's results as the next sequence. */
  flatten(results: unknown[], isLast: boolean, frame: Frame): unknown[] {
    return flattenStep(results, isLast, frame);
  },

  /** A finished sequence as a value. */
  finish(items: Marked): unknown {
    if (items.length === 0) return undefined;
    if (items.length === 1) return items[0];
    items[SEQUENCE] = true;
    return items;
  },

  /** How often an item is kept by a predicate that is no boolean. */
  times(result: unknown, index: number, length: number): number {
    if (isNumeric(result)) return hits(result, index, length) ? 1 : 0;
    if (!isArrayOfNumbers(result)) return isTrue(result) ? 1 : 0;
    let times = 0;
    for (const wanted of result) if (hits(wanted, index, length)) times++;
    return times;
  },

  /** Adds a value to an array under construction. */
  add(items: unknown[], value: unknown, run: Run): unknown[] {
    if (!isArray(value)) {
      items.push(value);
      return items;
    }
    return append(items, value, run) as unknown[];
  },

  isCons(value: Marked): boolean {
    return value[CONS] === true;
  },

  isSequence(value: Marked): boolean {
    return value[SEQUENCE] === true;
  },
};

export type Support = typeof support;
