import { fail } from '../errors.js';
import { callBack } from '../functions.js';
import type { Run } from '../run.js';
import { RegexFunction } from '../regex/regex-function.js';
import { isFunction, isRecord, newSequence, own, type JsonObject } from '../values.js';
import { asText, type Builtins } from './builtin.js';

/** A match as a matcher reports it; one written in the expression may leave parts out. */
interface Found {
  readonly match: unknown;
  readonly start: unknown;
  readonly end: unknown;
  readonly groups: unknown;
  /** The value that a replacing function gets. */
  readonly record: JsonObject;
  readonly next: unknown;
}

/** Walks through the matches of a text, by a regular expression or by any function that behaves like one. */
class Search {
  readonly #run: Run;

  constructor(run: Run) {
    this.#run = run;
  }

  first(matcher: unknown, text: string): Found | undefined {
    if (matcher instanceof RegexFunction) return this.#read(matcher.search(text, 0, this.#run));
    return this.#call(matcher, [text]);
  }

  next(found: Found): Found | undefined {
    return this.#call(found.next, [undefined]);
  }

  #call(matcher: unknown, args: readonly unknown[]): Found | undefined {
    if (!isFunction(matcher)) fail('INVALID_ARGUMENT');
    return this.#read(callBack(matcher, args, this.#run));
  }

  #read(result: unknown): Found | undefined {
    this.#run.step();
    if (result === undefined) return undefined;
    if (!isRecord(result)) return fail(Boolean(result) ? 'T1010' : 'INVALID_ARGUMENT');
    const found: Found = {
      match: own(result, 'match'),
      start: own(result, 'start'),
      end: own(result, 'end'),
      groups: own(result, 'groups'),
      next: own(result, 'next'),
      record: result,
    };
    const isMatch = typeof found.start === 'number' || Array.isArray(found.groups) || isFunction(found.next);
    return isMatch || found.end === 'number' ? found : fail('T1010');
  }
}

function checkLimit(limit: unknown, code: string, index: number): number {
  if (limit === undefined) return Infinity;
  if ((limit as number) < 0) fail(code, { index });
  return limit as number;
}

function contains(text: unknown, token: unknown, run: Run): boolean | undefined {
  if (text === undefined || token === undefined) return undefined;
  run.chars(asText(text).length);
  if (typeof token === 'string') return asText(text).includes(token);
  return new Search(run).first(token, asText(text)) !== undefined;
}

function match(text: unknown, matcher: unknown, limit: unknown, run: Run): unknown {
  if (text === undefined) return undefined;
  const most = checkLimit(limit, 'D3040', 3);
  const results = newSequence();
  if (!(most > 0)) return results;
  const search = new Search(run);
  let found = search.first(matcher, asText(text));
  for (let count = 0; found !== undefined && count < most; count++) {
    results.push({ match: found.match, index: found.start, groups: found.groups });
    if (results.length > run.maxSequence) fail('BUDGET_SEQUENCE');
    found = search.next(found);
  }
  return results;
}

function split(text: unknown, separator: unknown, limit: unknown, run: Run): unknown {
  if (text === undefined) return undefined;
  const most = checkLimit(limit, 'D3020', 3);
  if (!(most > 0)) return [];
  run.chars(asText(text).length);
  if (typeof separator === 'string') return splitByText(asText(text), separator, limit, run);
  return splitByMatches(asText(text), separator, most, run);
}

/** A limit is what JavaScript makes of it, a whole number below 2³²: an endless one is 0. */
function splitByText(text: string, separator: string, limit: unknown, run: Run): string[] {
  const most = limit === undefined ? Infinity : (limit as number) >>> 0;
  const parts = text.split(separator, Math.min(most, run.maxSequence + 1));
  run.items(parts.length);
  return parts;
}

function splitByMatches(text: string, matcher: unknown, most: number, run: Run): string[] {
  const search = new Search(run);
  let found = search.first(matcher, text);
  if (found === undefined) return [text];
  const parts: string[] = [];
  let start = 0;
  let count = 0;
  for (; found !== undefined && count < most; count++) {
    parts.push(text.substring(start, found.start as number));
    if (parts.length > run.maxSequence) fail('BUDGET_SEQUENCE');
    start = found.end as number;
    found = search.next(found);
  }
  if (count < most) parts.push(text.substring(start));
  return parts;
}

function replace(args: readonly unknown[], run: Run): unknown {
  const [text, pattern, replacement, limit] = args;
  if (text === undefined) return undefined;
  if (pattern === '') fail('D3010', { index: 2 });
  const most = checkLimit(limit, 'D3011', 4);
  if (!(most > 0)) return text;
  run.chars(asText(text).length);
  if (typeof pattern === 'string') return replaceText(asText(text), pattern, replacement, most, run);
  return replaceMatches(asText(text), pattern, replacement, most, run);
}

export function replaceText(text: string, pattern: string, replacement: unknown, most: number, run: Run): string {
  if (isFunction(replacement)) fail('D3012');
  // The interpreter appends whatever it is given: nothing becomes 'undefined'.
  const added = String(replacement);
  let result = '';
  let position = 0;
  let at = text.indexOf(pattern);
  for (let count = 0; at !== -1 && count < most; count++) {
    result += text.substring(position, at) + added;
    run.step();
    if (result.length > run.maxString) fail('BUDGET_STRING');
    position = at + pattern.length;
    at = text.indexOf(pattern, position);
  }
  return run.text(result + text.substring(position));
}

function replaceMatches(text: string, pattern: unknown, replacement: unknown, most: number, run: Run): string {
  const search = new Search(run);
  let found = search.first(pattern, text);
  if (found === undefined) return text;
  let result = '';
  let position = 0;
  for (let count = 0; found !== undefined && count < most; count++) {
    result += text.substring(position, found.start as number);
    result += run.text(substitute(found, replacement, run));
    if (result.length > run.maxString) fail('BUDGET_STRING');
    position = (found.start as number) + (found.match as string).length;
    found = search.next(found);
  }
  return run.text(result + text.substring(position));
}

function substitute(found: Found, replacement: unknown, run: Run): string {
  if (typeof replacement === 'string') return fillTemplate(replacement, found, run);
  if (!isFunction(replacement)) fail('INVALID_ARGUMENT');
  const result = callBack(replacement, [found.record], run);
  return typeof result === 'string' ? result : fail('D3012');
}

/** Puts groups in for `$1`, the whole match for `$0`, a dollar for `$$`. */
function fillTemplate(template: string, found: Found, run: Run): string {
  const groups = Array.isArray(found.groups) ? (found.groups as readonly unknown[]) : [];
  let filled = '';
  let position = 0;
  let at = template.indexOf('$');
  while (at !== -1 && position < template.length) {
    filled += template.substring(position, at);
    const [text, taken] = readDollar(template.slice(at + 1, at + 12), found.match, groups);
    filled += text;
    run.chars(filled.length);
    position = at + 1 + taken;
    at = template.indexOf('$', position);
  }
  return filled + template.substring(position);
}

/** What a dollar sign means before `rest`, and how many characters of it belong to it. */
function readDollar(rest: string, whole: unknown, groups: readonly unknown[]): [string, number] {
  if (rest.startsWith('$')) return ['$', 1];
  if (rest.startsWith('0')) return [String(whole), 1];
  const digits = groups.length === 0 ? 1 : Math.floor(Math.log(groups.length) * Math.LOG10E) + 1;
  let number = parseInt(rest.slice(0, digits), 10);
  if (digits > 1 && number > groups.length) number = parseInt(rest.slice(0, digits - 1), 10);
  if (Number.isNaN(number)) return ['$', 0];
  const group = groups[number - 1];
  return [typeof group === 'string' ? group : '', String(number).length];
}

export const matching: Builtins = {
  match: {
    signature: '<s-f<s:o>n?:a<o>>',
    arity: 3,
    invoke: ([text, matcher, limit], _input, run) => match(text, matcher, limit, run),
  },
  contains: { signature: '<s-(sf):b>', arity: 2, invoke: ([text, token], _input, run) => contains(text, token, run) },
  replace: { signature: '<s-(sf)(sf)n?:s>', arity: 4, invoke: (args, _input, run) => replace(args, run) },
  split: {
    signature: '<s-(sf)n?:a<s>>',
    arity: 3,
    invoke: ([text, separator, limit], _input, run) => split(text, separator, limit, run),
  },
};
