import { fail } from './errors.js';

interface Group {
  nodes: number;
  doubles: boolean;
}

const OPERATORS = '.[]{}(),@#;:?+-*/%|=<>^&!~';
const SPACES = ' \t\n\r\v';
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[Ee][-+]?[0-9]+)?/;

/**
 * An upper bound for the nodes of the tree that the parser would make: a node a token, and twice the nodes of a
 * bracket for each bracket in which `??` or `?:` stands, since these copy their left side. Thirty nested ones would
 * else ask for a thousand million nodes. The text is read as the parser's own lexer reads it.
 */
export function estimateNodes(text: string): number {
  return new Estimate(text).total();
}

/** Where the first regular expression ends that JavaScript does not read: the parser says only that there is one. */
export function endOfBadRegex(text: string): number | undefined {
  const estimate = new Estimate(text);
  estimate.total();
  return estimate.regexes.find(([from, to]) => !isRegex(text.slice(from, to)))?.[1];
}

function isRegex(written: string): boolean {
  const end = written.lastIndexOf('/');
  try {
    return Boolean(new RegExp(written.slice(1, end), written.slice(end + 1)));
  } catch {
    return false;
  }
}

class Estimate {
  /** From the first slash to behind the last flag. */
  readonly regexes: [from: number, to: number][] = [];
  readonly #text: string;
  readonly #groups: Group[] = [];
  #last: Group = { nodes: 1, doubles: false };
  /** Whether the token before can be an operand: then a slash divides, else it begins a regular expression. */
  #isOperand = false;
  /** `and`, `or`, `in` are operators or names: what a slash means behind them is for the parser to say. */
  #isKeyword = false;

  constructor(text: string) {
    this.#text = text;
  }

  total(): number {
    let at = 0;
    while (at < this.#text.length) at = this.#token(at);
    while (this.#groups.length > 0) this.#close();
    return sizeOf(this.#last);
  }

  /** Reads what stands at `at`; says where it ends. */
  #token(at: number): number {
    const char = this.#text.charAt(at);
    if (SPACES.includes(char)) return at + 1;
    if (this.#text.startsWith('/*', at)) return endOf(this.#text.indexOf('*/', at + 2), 2, this.#text);
    this.#last.nodes++;
    if (char === '/' && (this.#isKeyword || !this.#isOperand)) return this.#regex(at);
    if (OPERATORS.includes(char)) return this.#operator(at, char);
    if (char === '"' || char === "'") return this.#operand(endOfString(this.#text, at + 1, char));
    if (char === '`') return this.#operand(endOf(this.#text.indexOf('`', at + 1), 1, this.#text));
    return this.#word(at);
  }

  #regex(at: number): number {
    if (this.#isKeyword) fail('BUDGET_TEXT');
    let end = endOfRegex(this.#text, at + 1);
    while ('im'.includes(this.#text.charAt(end) || ' ')) end++;
    this.regexes.push([at, end]);
    return this.#operand(end);
  }

  #operand(end: number): number {
    this.#isOperand = true;
    this.#isKeyword = false;
    return end;
  }

  #word(at: number): number {
    const number = NUMBER.exec(this.#text.slice(at, at + 400));
    if (number !== null) return this.#operand(at + number[0].length);
    let end = at;
    while (end < this.#text.length && !(OPERATORS + SPACES).includes(this.#text.charAt(end))) end++;
    const word = this.#text.slice(at, end);
    this.#operand(end);
    this.#isKeyword = word === 'and' || word === 'or' || word === 'in';
    return end;
  }

  #operator(at: number, char: string): number {
    const isOpening = '([{'.includes(char);
    const isClosing = ')]}'.includes(char);
    if (isOpening) {
      this.#groups.push(this.#last);
      this.#last = { nodes: 1, doubles: false };
    } else if (isClosing) {
      this.#close();
    } else if (char === '?' && '?:'.includes(this.#text.charAt(at + 1) || ' ')) {
      this.#last.doubles = true;
    }
    this.#isOperand = isClosing;
    this.#isKeyword = false;
    return at + 1;
  }

  #close(): void {
    const outer = this.#groups.pop();
    if (outer === undefined) return;
    outer.nodes += sizeOf(this.#last);
    this.#last = outer;
  }
}

function sizeOf(group: Group): number {
  return group.doubles ? 2 * group.nodes : group.nodes;
}

function endOf(found: number, length: number, text: string): number {
  return found < 0 ? text.length : found + length;
}

function endOfString(text: string, start: number, quote: string): number {
  let at = start;
  while (at < text.length && text.charAt(at) !== quote) at += text.charAt(at) === '\\' ? 2 : 1;
  return at + 1;
}

/** The end of a regular expression: the first slash outside of brackets that no backslash protects. */
function endOfRegex(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '/' && depth === 0 && backslashes(text, at) % 2 === 0) return at + 1;
    if (text.charAt(at - 1) === '\\') continue;
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
  }
  return text.length;
}

function backslashes(text: string, at: number): number {
  let count = 0;
  while (text.charAt(at - count - 1) === '\\') count++;
  return count;
}
