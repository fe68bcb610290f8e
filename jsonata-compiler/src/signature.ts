import { fail } from './errors.js';
import { isFunction } from './values.js';

/** The types of JSONata's signatures, one letter each; `m` is a missing value, which fits every letter but `f`. */
const LETTERS = 'asnblfom';

interface Parameter {
  /** The letters that fit. */
  readonly fits: string;
  readonly type: string;
  readonly isContext: boolean;
  readonly min: 0 | 1;
  readonly isMany: boolean;
  readonly isLazy: boolean;
  /** What the items of an array must be. */
  readonly subtype: string | undefined;
}

/** The letter of a value. */
export function letterOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return 's';
    case 'number':
      return 'n';
    case 'boolean':
      return 'b';
    case 'object':
      return letterOfObject(value);
    default:
      return 'm';
  }
}

function letterOfObject(value: object | null): string {
  if (value === null) return 'l';
  if (Array.isArray(value)) return 'a';
  return isFunction(value) ? 'f' : 'o';
}

/** A function's signature: checks arguments, puts the context in for a missing one, makes arrays where they belong. */
export class Signature {
  readonly definition: string;
  readonly #parameters: readonly Parameter[];
  readonly #plain: readonly Plain[];

  constructor(definition: string) {
    this.definition = definition;
    this.#parameters = parseParameters(definition);
    this.#plain = this.#parameters.map(plainOf);
  }

  validate(args: readonly unknown[], context: unknown): readonly unknown[] {
    if (this.#isPlain(args)) return args;
    const letters = args.map(letterOf).join('');
    const counts = matchCounts(this.#parameters, letters, this.#parameters.length, true);
    if (counts === undefined) return this.#refuse(letters);
    const valid: unknown[] = [];
    let index = 0;
    for (const [number, parameter] of this.#parameters.entries()) {
      const count = counts[number] ?? 0;
      if (count === 0) {
        if (parameter.isContext) {
          valid.push(contextFor(parameter, context, index));
        } else {
          valid.push(args[index]);
          index++;
        }
      }
      const matched = letters.slice(index, index + count);
      for (let one = 0; one < count; one++, index++) valid.push(fit(parameter, args[index], matched, one, index));
    }
    return valid;
  }

  /** Says whether every argument is already what its parameter wants; most calls are so. */
  #isPlain(args: readonly unknown[]): boolean {
    const plain = this.#plain;
    if (args.length > plain.length) return false;
    for (let index = 0; index < plain.length; index++) {
      const parameter = plain[index];
      if (parameter === undefined) return false;
      if (index >= args.length ? !parameter.isOptional : !isPlain(parameter, args[index])) return false;
    }
    return true;
  }

  #refuse(letters: string): never {
    let goodTo = 0;
    for (let count = 1; count <= this.#parameters.length; count++) {
      const counts = matchCounts(this.#parameters, letters, count, false);
      if (counts === undefined) fail('T0410', { index: goodTo + 1 });
      goodTo = counts.reduce((sum, each) => sum + each, 0);
    }
    return fail('T0410', { index: goodTo + 1 });
  }
}

/** What an argument can be without any work: nothing to wrap, to replace or to share out. */
interface Plain {
  readonly letters: string;
  readonly subtype: string | undefined;
  /** It can be left out, and no context stands in for it. */
  readonly isOptional: boolean;
}

function plainOf(parameter: Parameter): Plain {
  const letters = parameter.type === 'a' ? 'am' : parameter.fits;
  return {
    letters: parameter.isMany || parameter.isLazy ? '' : letters,
    subtype: parameter.subtype,
    isOptional: parameter.min === 0 && !parameter.isContext,
  };
}

function isPlain(plain: Plain, arg: unknown): boolean {
  const letter = letterOf(arg);
  if (!plain.letters.includes(letter)) return false;
  return letter !== 'a' || plain.subtype === undefined || itemsFit(plain.subtype, arg, letter, letter);
}

function contextFor(parameter: Parameter, context: unknown, index: number): unknown {
  if (!parameter.fits.includes(letterOf(context))) fail('T0411', { index: index + 1 });
  return context;
}

function fit(parameter: Parameter, arg: unknown, matched: string, one: number, index: number): unknown {
  const letter = matched.charAt(one);
  if (parameter.type !== 'a') return arg;
  if (letter === 'm') return undefined;
  if (parameter.subtype !== undefined && !itemsFit(parameter.subtype, arg, letter, matched)) {
    fail('T0412', { index: index + 1 });
  }
  return letter === 'a' ? arg : [arg];
}

function itemsFit(subtype: string, arg: unknown, letter: string, matched: string): boolean {
  if (letter !== 'a') return matched === subtype;
  const items = arg as readonly unknown[];
  return items.length === 0 || items.every((item) => letterOf(item) === subtype.charAt(0));
}

/**
 * How many arguments each of the first `count` parameters takes, greedy from the left as a regular expression would be;
 * undefined where they do not fit. Failed states are remembered: no signature takes more than parameters × arguments.
 */
function matchCounts(
  parameters: readonly Parameter[],
  letters: string,
  count: number,
  isWhole: boolean,
): number[] | undefined {
  const counts: number[] = [];
  const dead = new Set<number>();
  const walk = (number: number, at: number): boolean => {
    const parameter = number < count ? parameters[number] : undefined;
    if (parameter === undefined) return !isWhole || at === letters.length;
    const state = number * (letters.length + 1) + at;
    if (dead.has(state)) return false;
    for (const take of takes(parameter, letters, at)) {
      counts[number] = take;
      if (walk(number + 1, at + take)) return true;
    }
    dead.add(state);
    return false;
  };
  return walk(0, 0) ? counts.slice(0, count) : undefined;
}

/** The numbers of arguments that a parameter can take at a place, in the order to try them. */
function takes(parameter: Parameter, letters: string, at: number): number[] {
  const limit = parameter.isMany ? letters.length - at : Math.min(1, letters.length - at);
  let most = 0;
  while (most < limit && parameter.fits.includes(letters.charAt(at + most))) most++;
  const order: number[] = [];
  for (let take = most; take >= parameter.min; take--) order.push(take);
  return parameter.isLazy ? order.reverse() : order;
}

interface Draft {
  fits: string;
  type: string;
  isContext: boolean;
  marks: string;
  subtype: string | undefined;
}

const KINDS: Readonly<Record<string, string>> = {
  s: 'sm',
  n: 'nm',
  b: 'bm',
  l: 'lm',
  o: 'om',
  a: 'asnblfom',
  f: 'f',
  j: 'asnblom',
  x: 'asnblfom',
};

/** Reads the text between the angle brackets; the parser has already refused what is no signature. */
function parseParameters(definition: string): Parameter[] {
  const drafts: Draft[] = [];
  let at = 1;
  while (at < definition.length && definition.charAt(at) !== ':') at = readSymbol(definition, at, drafts) + 1;
  return drafts.map((draft) => ({
    fits: draft.fits,
    type: draft.type,
    isContext: draft.isContext,
    subtype: draft.subtype,
    min: draft.marks.startsWith('?') ? 0 : 1,
    isMany: draft.marks.startsWith('+'),
    isLazy: draft.marks.length > 1 && draft.marks.charAt(1) === '?',
  }));
}

function readSymbol(definition: string, at: number, drafts: Draft[]): number {
  const symbol = definition.charAt(at);
  const last = drafts.at(-1);
  if (symbol === '(') return readChoice(definition, at, drafts);
  if (symbol === '<') return readSubtype(definition, at, last);
  const fits = KINDS[symbol];
  if (fits !== undefined) {
    drafts.push({ fits, type: symbol, isContext: false, marks: '', subtype: undefined });
  } else if (last !== undefined && symbol === '-') {
    last.isContext = true;
    last.marks += '?';
  } else if (last !== undefined && (symbol === '?' || symbol === '+')) {
    last.marks += symbol;
  }
  return at;
}

function readChoice(definition: string, at: number, drafts: Draft[]): number {
  const end = closing(definition, at, '(', ')');
  const choice = definition.slice(at + 1, end);
  // The interpreter puts the choice into a character class as it stands; tested a letter at a time that is harmless.
  const inside = new RegExp(`^[${choice}m]$`);
  const fits = Array.from(LETTERS)
    .filter((letter) => inside.test(letter))
    .join('');
  drafts.push({ fits, type: `(${choice})`, isContext: false, marks: '', subtype: undefined });
  return end;
}

function readSubtype(definition: string, at: number, last: Draft | undefined): number {
  const end = closing(definition, at, '<', '>');
  if (last !== undefined) last.subtype = definition.slice(at + 1, end);
  return end;
}

function closing(text: string, start: number, open: string, close: string): number {
  let depth = 1;
  let at = start;
  while (at < text.length) {
    at++;
    const symbol = text.charAt(at);
    if (symbol === close && --depth === 0) break;
    if (symbol === open) depth++;
  }
  return at;
}
