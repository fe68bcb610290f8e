import { badRequest, shown, type ScimError, type ScimType } from '../errors.js';
import { COMPARISONS, type Comparison, type Filter, type Literal, type SelectingPath } from './ast.js';
import { readAttributePath } from './attribute-path.js';
import { tokenise, type Token } from './tokens.js';

/** Longest filter, in characters. */
export const LONGEST_FILTER = 8192;
/** Longest path of an operation: each runs over every element that it may select. */
export const LONGEST_PATH = 512;
/** Deepest nesting of brackets and `not`. */
export const DEEPEST_FILTER = 32;

/**
 * Reads a filter: the grammar of RFC 7644 section 3.4.2.2, and what providers send beside it: operators in any letters,
 * several spaces, simple values without quotes.
 *
 * @throws ScimError 400 `invalidFilter`: a filter that is not understood must never select everybody or nobody.
 */
export function parseFilter(source: string): Filter {
  const parser = new Parser(source, 'invalidFilter');
  const filter = parser.readOr(0);
  parser.expectEnd();
  return filter;
}

/**
 * Reads the path of a PATCH operation: `attribute`, `attribute.sub`, `attribute[filter]`, `attribute[filter].sub`,
 * each with a URN before it (RFC 7644 section 3.5.2).
 *
 * @throws ScimError 400 `invalidPath`.
 */
export function parsePath(source: string): SelectingPath {
  const parser = new Parser(source, 'invalidPath');
  const path = parser.readPath(0);
  parser.expectEnd();
  return path;
}

class Parser {
  readonly #source: string;
  readonly #scimType: ScimType;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(source: string, scimType: ScimType) {
    this.#source = source;
    this.#scimType = scimType;
    const longest = scimType === 'invalidPath' ? LONGEST_PATH : LONGEST_FILTER;
    if (source.length > longest) throw this.#refusal(`is longer than ${longest} characters`);
    const tokens = tokenise(source);
    if (tokens === undefined) throw this.#refusal('has a text that is not closed or not a JSON string');
    this.#tokens = tokens;
  }

  readOr(depth: number): Filter {
    return this.#readChain('or', depth, () => this.#readAnd(depth));
  }

  readPath(depth: number): SelectingPath {
    const token = this.#take();
    const attribute = token?.kind === 'word' ? readAttributePath(token.text) : undefined;
    if (attribute === undefined) throw this.#refusal(`names no attribute where ${this.#place(token)} stands`);
    if (this.#peek()?.kind !== '[') return attribute;
    if (attribute.sub !== undefined || attribute.name === undefined) {
      throw this.#refusal('selects elements of what has none');
    }
    this.#take();
    const where = this.readOr(depth + 1);
    this.#expect(']');
    const sub = this.#readSubAttribute();
    return sub === undefined ? { ...attribute, where } : { ...attribute, where, sub };
  }

  expectEnd(): void {
    const token = this.#peek();
    if (token !== undefined) throw this.#refusal(`goes on with ${this.#place(token)} where it should end`);
  }

  #readAnd(depth: number): Filter {
    return this.#readChain('and', depth, () => this.#readFactor(depth));
  }

  #readChain(op: 'and' | 'or', depth: number, readOne: () => Filter): Filter {
    if (depth > DEEPEST_FILTER) throw this.#refusal(`is nested deeper than ${DEEPEST_FILTER} levels`);
    const first = readOne();
    const filters = [first];
    while (this.#isWord(op)) {
      this.#take();
      filters.push(readOne());
    }
    return filters.length === 1 ? first : { op, filters };
  }

  #readFactor(depth: number): Filter {
    if (this.#isWord('not') && !this.#isOperator(this.#tokens[this.#next + 1])) {
      this.#take();
      if (depth >= DEEPEST_FILTER) throw this.#refusal(`is nested deeper than ${DEEPEST_FILTER} levels`);
      return { op: 'not', filter: this.#readFactor(depth + 1) };
    }
    if (this.#peek()?.kind !== '(') return this.#readComparison(depth);
    this.#take();
    const inner = this.readOr(depth + 1);
    this.#expect(')');
    return inner;
  }

  #readComparison(depth: number): Filter {
    const path = this.readPath(depth);
    if (path.name === undefined) throw this.#refusal('compares a schema instead of an attribute');
    const token = this.#peek();
    const operator = token?.kind === 'word' ? token.text.toLowerCase() : undefined;
    if (operator === 'pr') {
      this.#take();
      return { op: 'pr', path };
    }
    if (operator !== undefined && isComparison(operator)) {
      this.#take();
      return { op: operator, path, value: this.#readValue(operator) };
    }
    const { where, sub, ...attribute } = path;
    if (where !== undefined && sub === undefined) return { op: 'has', path: attribute, where };
    throw this.#refusal(`has no operator where ${this.#place(token)} stands`);
  }

  #readValue(operator: Comparison): Literal {
    const token = this.#take();
    if (token?.kind === 'text') return token.text;
    if (token?.kind !== 'word') throw this.#refusal(`has no value where ${this.#place(token)} stands`);
    const value = readLiteral(token.text);
    const isOrdered = operator !== 'eq' && operator !== 'ne';
    if (isOrdered && (typeof value === 'boolean' || value === null)) {
      throw this.#refusal(`compares ${String(value)} with "${operator}", which only "eq" and "ne" can`);
    }
    return value;
  }

  #readSubAttribute(): string | undefined {
    const token = this.#peek();
    if (token?.kind !== 'word' || !token.text.startsWith('.')) return undefined;
    this.#take();
    const path = readAttributePath(token.text.slice(1));
    if (path?.name === undefined || path.sub !== undefined || path.schema !== undefined) {
      throw this.#refusal(`names no sub-attribute with ${this.#place(token)}`);
    }
    return path.name;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  #take(): Token | undefined {
    return this.#tokens[this.#next++];
  }

  #isWord(word: string): boolean {
    const token = this.#peek();
    return token?.kind === 'word' && token.text.toLowerCase() === word;
  }

  #isOperator(token: Token | undefined): boolean {
    return token?.kind === 'word' && (isComparison(token.text.toLowerCase()) || token.text.toLowerCase() === 'pr');
  }

  #expect(kind: ')' | ']'): void {
    const token = this.#take();
    if (token?.kind !== kind) throw this.#refusal(`lacks "${kind}" where ${this.#place(token)} stands`);
  }

  #place(token: Token | undefined): string {
    return token === undefined ? 'the end' : shown(token.text);
  }

  #refusal(problem: string): ScimError {
    const what = this.#scimType === 'invalidPath' ? 'path' : 'filter';
    return badRequest(this.#scimType, `The ${what} ${shown(this.#source)} ${problem}.`);
  }
}

function isComparison(word: string): word is Comparison {
  return (COMPARISONS as readonly string[]).includes(word);
}

/** Words of JSON in any letters; a number that would be printed the same; anything else is a text without its quotes. */
function readLiteral(word: string): Literal {
  const folded = word.toLowerCase();
  if (folded === 'true' || folded === 'false') return folded === 'true';
  if (folded === 'null') return null;
  const number = Number(word);
  return /^-?\d/.test(word) && String(number) === word ? number : word;
}
