import { fail } from '../errors.js';

/** A JavaScript regular expression in RE2's syntax, and about how many instructions it compiles to. */
export interface Translation {
  readonly pattern: string;
  readonly size: number;
}

/** The largest program: counted repetitions multiply, and every character of a text may visit every instruction. */
const MAX_SIZE = 20_000;

const LINE_ENDS = '\\x{a}\\x{d}\\x{2028}\\x{2029}';
const SPACES =
  '\\x{9}-\\x{d}\\x{20}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';
const NO_SPACES =
  '\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}' +
  '\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}';
const ANY = '\\x{0}-\\x{10ffff}';

const SETS: Readonly<Record<string, string>> = { d: '\\d', D: '\\D', w: '\\w', W: '\\W', s: SPACES, S: NO_SPACES };

const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13 };

/** What stands inside a class: one character, or a set that cannot be the end of a range. */
type Atom = { readonly char: number } | { readonly set: string };

/**
 * Rewrites what JavaScript and RE2 read differently (`.`, `\s`, `[^]`, identity escapes, names of groups), refuses
 * what RE2 cannot have (look-around, back-references), and as `REFUSED_REPEAT` what repeats too often. What stays different is in the README: astral characters count
 * as one, `^` and `$` with `m` know `\n` only, a group inside a repetition keeps its last match.
 */
export function translate(source: string): Translation {
  return new Translator(source).translate();
}

class Translator {
  readonly #source: readonly string[];
  #at = 0;
  #out = '';
  /** Sizes: of each open group so far, and of the last atom, which a quantifier multiplies. */
  readonly #sizes: number[] = [0];
  #last = 0;

  constructor(source: string) {
    this.#source = Array.from(source);
  }

  translate(): Translation {
    while (this.#at < this.#source.length) this.#next();
    return { pattern: this.#out, size: this.#total() };
  }

  #total(): number {
    const size = this.#sizes.reduce((sum, each) => sum + each, 1);
    if (size > MAX_SIZE) fail('REFUSED_REPEAT');
    return size;
  }

  #peek(ahead = 0): string {
    return this.#source[this.#at + ahead] ?? '';
  }

  #next(): void {
    const char = this.#peek();
    this.#at++;
    if (char === '\\') this.#atom(this.#escape());
    else if (char === '[') this.#atom(this.#class());
    else if (char === '.') this.#atom(`[^${LINE_ENDS}]`);
    else if (char === '(') this.#open();
    else if (char === ')') this.#close();
    else if (char === '{') this.#brace();
    else this.#plain(char);
  }

  #plain(char: string): void {
    if ('|^$*+?'.includes(char)) {
      this.#out += char;
      if (this.#sizes.length > 0) this.#add(1);
    } else {
      this.#atom(hex(char.codePointAt(0) ?? 0));
    }
  }

  #add(size: number): void {
    const top = this.#sizes.length - 1;
    this.#sizes[top] = (this.#sizes[top] ?? 0) + size;
    this.#total();
  }

  #atom(text: string): void {
    this.#out += text;
    this.#last = 1;
    this.#add(1);
  }

  #open(): void {
    this.#sizes.push(2);
    if (this.#peek() !== '?') {
      this.#out += '(';
      return;
    }
    const kind = this.#peek(1);
    if (kind === ':') {
      this.#out += '(?:';
      this.#at += 2;
    } else if (kind === '<' && !'=!'.includes(this.#peek(2))) {
      // The interpreter knows groups by number only.
      this.#out += '(';
      while (this.#at < this.#source.length && this.#peek() !== '>') this.#at++;
      this.#at++;
    } else {
      fail('REFUSED_REGEX');
    }
  }

  #close(): void {
    const size = this.#sizes.pop() ?? 0;
    if (this.#sizes.length === 0) fail('REFUSED_REGEX');
    this.#out += ')';
    this.#last = size;
    this.#add(size);
  }

  /** A brace that is no quantifier is a literal in JavaScript. */
  #brace(): void {
    const rest = this.#source.slice(this.#at, this.#at + 20).join('');
    const found = /^(\d+)(,(\d*))?\}/.exec(rest);
    if (found === null) {
      this.#atom('\\{');
      return;
    }
    const times = Math.max(Number(found[1]), Number(found[3] ?? 0), 1);
    this.#out += '{' + found[0];
    this.#at += found[0].length;
    this.#add(this.#last * (times - 1));
  }

  #escape(): string {
    const char = this.#peek();
    this.#at++;
    if (char === '' || (char >= '1' && char <= '9') || char === 'k') fail('REFUSED_REGEX');
    if ('dDwWbB'.includes(char)) return `\\${char}`;
    if (char === 's') return `[${SPACES}]`;
    if (char === 'S') return `[^${SPACES}]`;
    return hex(this.#code(char));
  }

  /** The character that an escape means, wherever it stands. */
  #code(char: string): number {
    const control = CONTROLS[char];
    if (control !== undefined) return control;
    if (char === '0') return this.#zero();
    if (char === 'c') return this.#controlLetter();
    if (char === 'x') return this.#hexDigits(2) ?? 0x78;
    if (char === 'u') return this.#unicode();
    return char.codePointAt(0) ?? 0;
  }

  #zero(): number {
    if (/\d/.test(this.#peek())) fail('REFUSED_REGEX');
    return 0;
  }

  #controlLetter(): number {
    const letter = this.#peek();
    if (!/^[A-Za-z]$/.test(letter)) fail('REFUSED_REGEX');
    this.#at++;
    return letter.charCodeAt(0) % 32;
  }

  #hexDigits(count: number): number | undefined {
    const digits = this.#source.slice(this.#at, this.#at + count).join('');
    if (digits.length !== count || !/^[0-9a-fA-F]+$/.test(digits)) return undefined;
    this.#at += count;
    return parseInt(digits, 16);
  }

  /** Two escapes that form a surrogate pair are one character. */
  #unicode(): number {
    const high = this.#hexDigits(4);
    if (high === undefined) return 0x75;
    if (high < 0xd800 || high > 0xdbff || this.#peek() !== '\\' || this.#peek(1) !== 'u') return high;
    const before = this.#at;
    this.#at += 2;
    const low = this.#hexDigits(4);
    if (low !== undefined && low >= 0xdc00 && low <= 0xdfff) return (high - 0xd800) * 0x400 + (low - 0xdc00) + 0x10000;
    this.#at = before;
    return high;
  }

  #class(): string {
    const isNegated = this.#peek() === '^';
    if (isNegated) this.#at++;
    const atoms: (Atom | '-')[] = [];
    while (this.#peek() !== ']') {
      if (this.#at >= this.#source.length) fail('REFUSED_REGEX');
      atoms.push(this.#classAtom());
    }
    this.#at++;
    if (atoms.length === 0) return isNegated ? `[${ANY}]` : `[^${ANY}]`;
    return `[${isNegated ? '^' : ''}${writeClass(atoms)}]`;
  }

  #classAtom(): Atom | '-' {
    const char = this.#peek();
    this.#at++;
    if (char === '-') return '-';
    if (char !== '\\') return { char: char.codePointAt(0) ?? 0 };
    const escaped = this.#peek();
    this.#at++;
    if (escaped === '' || (escaped >= '1' && escaped <= '9')) fail('REFUSED_REGEX');
    const set = SETS[escaped];
    if (set !== undefined) return { set };
    return { char: escaped === 'b' ? 8 : this.#code(escaped) };
  }
}

/** Writes the atoms of a class; a hyphen that forms no range is itself. */
function writeClass(atoms: readonly (Atom | '-')[]): string {
  let out = '';
  for (let index = 0; index < atoms.length; index++) {
    const from = atomAt(atoms, index);
    const to = atoms[index + 1] === '-' && index + 2 < atoms.length ? atomAt(atoms, index + 2) : undefined;
    if (to !== undefined && 'char' in from && 'char' in to) {
      out += `${hex(from.char)}-${hex(to.char)}`;
      index += 2;
    } else {
      out += 'char' in from ? hex(from.char) : from.set;
    }
  }
  return out;
}

function atomAt(atoms: readonly (Atom | '-')[], index: number): Atom {
  const atom = atoms[index] ?? '-';
  return atom === '-' ? { char: 45 } : atom;
}

function hex(code: number): string {
  return `\\x{${code.toString(16)}}`;
}
