import { RE2JS } from 're2js';
import { fail } from '../errors.js';
import { Bare } from '../functions.js';
import type { Run } from '../run.js';
import type { JsonObject } from '../values.js';
import { translate } from './translate.js';

/** A regular expression of the text, translated once. */
export interface CompiledRegex {
  readonly re: RE2JS;
  readonly size: number;
  readonly position: number | undefined;
}

/** What re2js says of a repetition past 1,000, its own or multiplied by those around it. */
const REPEAT = /repeat count|too large/;

/** Throws `REFUSED_REGEX` for what linear time cannot give, `REFUSED_REPEAT` for what would be too large. */
export function compileRegex(source: RegExp, position: number | undefined): CompiledRegex {
  const { pattern, size } = translate(source.source);
  let flags = 0;
  if (source.ignoreCase) flags |= RE2JS.CASE_INSENSITIVE;
  if (source.multiline) flags |= RE2JS.MULTILINE;
  try {
    return { re: RE2JS.compile(pattern, flags), size, position };
  } catch (error) {
    return fail(REPEAT.test(String(error)) ? 'REFUSED_REPEAT' : 'REFUSED_REGEX', { position });
  }
}

/** One match as the regular expression's function reports it. */
interface Match {
  readonly start: number;
  readonly end: number;
  readonly match: string;
  readonly groups: (string | undefined)[];
}

/**
 * A regular expression as a function value: called with a string it yields a match with `next`. Like the interpreter's
 * it keeps one place for all who use it, so that interleaved searches disturb each other in the same way.
 */
export class RegexFunction extends Bare {
  readonly #regex: CompiledRegex;
  #lastIndex = 0;
  #text: string | undefined;
  #matcher: ReturnType<RE2JS['matcher']> | undefined;

  constructor(regex: CompiledRegex) {
    super((args, _input, run) => this.search(args[0], args[1], run), 2);
    this.#regex = regex;
  }

  /** The match from `from` on, as a JSONata value. */
  search(text: unknown, from: unknown, run: Run): JsonObject | undefined {
    // A search without a text is one in 'undefined', as JavaScript would have it.
    const where = typeof text === 'string' ? text : String(text);
    const start = typeof from === 'number' && from > 0 ? Math.floor(from) : 0;
    const found = this.find(where, start, run);
    if (found === undefined) return undefined;
    const next = new Bare((_args, _input, inner) => this.#next(where, inner), 0);
    return { match: found.match, start: found.start, end: found.end, groups: found.groups, next };
  }

  #next(text: string, run: Run): JsonObject | undefined {
    if (this.#lastIndex >= text.length) return undefined;
    const next = this.search(text, this.#lastIndex, run);
    if (next?.match === '') fail('D1004', { position: this.#regex.position });
    return next;
  }

  /** The same for `$match`, `$replace` and `$split`, which need no values in between. */
  next(text: string, run: Run): Match | undefined {
    if (this.#lastIndex >= text.length) return undefined;
    const found = this.find(text, this.#lastIndex, run);
    if (found?.match === '') fail('D1004', { position: this.#regex.position });
    return found;
  }

  find(text: string, from: number, run: Run): Match | undefined {
    if (from > text.length) {
      this.#lastIndex = 0;
      return undefined;
    }
    // Every remaining character may visit every instruction.
    run.spend(1 + (((text.length - from) * this.#regex.size) >>> 6));
    if (this.#text !== text || this.#matcher === undefined) {
      this.#text = text;
      this.#matcher = this.#regex.re.matcher(text);
    }
    const matcher = this.#matcher;
    if (!matcher.find(from)) {
      this.#lastIndex = 0;
      return undefined;
    }
    const groups: (string | undefined)[] = [];
    for (let group = 1; group <= matcher.groupCount(); group++) groups.push(matcher.group(group) ?? undefined);
    const end = matcher.end();
    this.#lastIndex = end;
    return { start: matcher.start(), end, match: matcher.group() ?? '', groups };
  }
}
