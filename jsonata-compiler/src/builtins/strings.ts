import { fail } from '../errors.js';
import type { Run } from '../run.js';
import { toText } from '../text.js';
import { asItems, asNumber, asText, type Builtins } from './builtin.js';

const SURROGATE = /[\ud800-\udfff]/;

/** Applies `change` to a string argument; nothing stays nothing. */
function onText(change: (text: string, run: Run) => string | number): Builtins[string]['invoke'] {
  return ([value], _input, run) => {
    if (value === undefined) return undefined;
    const text = asText(value);
    run.chars(text.length);
    const result = change(text, run);
    return typeof result === 'string' ? run.text(result) : result;
  };
}

function countCharacters(text: string): number {
  if (!SURROGATE.test(text)) return text.length;
  return Array.from(text).length;
}

/** Characters `start` to `start + length`, counted in code points. */
export function substring(text: string, start: number, length: number | undefined): string {
  const characters = SURROGATE.test(text) ? Array.from(text) : text;
  const from = characters.length + start < 0 ? 0 : start;
  if (length !== undefined && length <= 0) return '';
  const to = length === undefined ? undefined : from >= 0 ? from + length : characters.length + from + length;
  const part = characters.slice(from, to);
  return typeof part === 'string' ? part : part.join('');
}

export function trim(text: string): string {
  const result = text.replace(/[ \t\n\r]+/g, ' ');
  const from = result.startsWith(' ') ? 1 : 0;
  return result.slice(from, result.length > from && result.endsWith(' ') ? -1 : undefined);
}

/** `count` characters of `filler`, over and over. */
function padding(filler: string, count: number, run: Run): string {
  const characters = Array.from(filler);
  run.chars(Math.ceil(count / characters.length) * filler.length);
  return filler.repeat(Math.floor(count / characters.length)) + characters.slice(0, count % characters.length).join('');
}

function pad(text: string, width: number, filler: string, run: Run): string {
  const target = Math.trunc(width);
  const missing = Math.abs(target) - countCharacters(text);
  if (!(missing > 0)) return text;
  if (missing > run.maxString) fail('BUDGET_STRING');
  const added = padding(filler === '' ? ' ' : filler, missing, run);
  return run.text(target > 0 ? text + added : added + text);
}

function join(items: readonly unknown[], separator: string, run: Run): string {
  let length = separator.length * Math.max(0, items.length - 1);
  for (const item of items) length += typeof item === 'string' ? item.length : 0;
  run.items(items.length);
  run.chars(length);
  return items.join(separator);
}

/** The text up to `mark`, or behind it; all of it where the mark is missing. */
export function cut(text: string, mark: string, isBefore: boolean): string {
  const at = text.indexOf(mark);
  if (at < 0) return text;
  return isBefore ? text.slice(0, at) : text.slice(at + mark.length);
}

export const strings: Builtins = {
  string: {
    signature: '<x-b?:s>',
    arity: 1,
    parameters: -1,
    invoke: ([value, isPretty], _input, run) =>
      value === undefined ? undefined : run.text(toText(value, run, isPretty === true)),
  },
  substring: {
    signature: '<s-nn?:s>',
    arity: 3,
    invoke: ([text, start, length], _input, run) => {
      if (text === undefined) return undefined;
      run.chars(asText(text).length);
      return substring(asText(text), asNumber(start), length === undefined ? undefined : asNumber(length));
    },
  },
  substringBefore: {
    signature: '<s-s:s>',
    arity: 2,
    invoke: ([text, mark]) => (text === undefined ? undefined : cut(asText(text), String(mark), true)),
  },
  substringAfter: {
    signature: '<s-s:s>',
    arity: 2,
    invoke: ([text, mark]) =>
      text === undefined ? undefined : cut(asText(text), mark === undefined ? 'undefined' : asText(mark), false),
  },
  lowercase: { signature: '<s-:s>', arity: 1, invoke: onText((text) => text.toLowerCase()) },
  uppercase: { signature: '<s-:s>', arity: 1, invoke: onText((text) => text.toUpperCase()) },
  length: { signature: '<s-:n>', arity: 1, invoke: onText(countCharacters) },
  trim: { signature: '<s-:s>', arity: 1, invoke: onText(trim) },
  pad: {
    signature: '<s-ns?:s>',
    arity: 3,
    invoke: ([text, width, filler], _input, run) =>
      text === undefined
        ? undefined
        : pad(asText(text), asNumber(width), filler === undefined ? ' ' : asText(filler), run),
  },
  join: {
    signature: '<a<s>s?:s>',
    arity: 2,
    invoke: ([items, separator], _input, run) =>
      items === undefined ? undefined : join(asItems(items), separator === undefined ? '' : asText(separator), run),
  },
};
