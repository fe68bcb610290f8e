/** One pair of an object literal of JSONata, with where its parts stand. */
export interface LiteralEntry {
  key: string;
  keyAt: number;
  text: string;
  textAt: number;
}

/**
 * Splits a text whose whole is one object literal with quoted keys; null where it is something else. The text must be
 * JSONata already: brackets, texts and patterns are closed.
 */
export function splitObjectLiteral(text: string): LiteralEntry[] | null {
  const tokens = tokensOf(text);
  const first = tokens[0];
  if (first?.word !== '{' || tokens[tokens.length - 1]?.word !== '}') return null;
  const entries: LiteralEntry[] = [];
  let depth = 0;
  let entryBegin = 1;
  for (const [index, token] of tokens.entries()) {
    if (OPENING.has(token.word)) depth++;
    const endsEntry = (depth === 1 && token.word === ',') || (depth === 1 && token.word === '}');
    if (endsEntry && index > entryBegin) {
      const entry = entryOf(text, tokens.slice(entryBegin, index));
      if (entry === null) return null;
      entries.push(entry);
    }
    if (endsEntry) entryBegin = index + 1;
    if (CLOSING.has(token.word)) depth--;
    if (depth === 0 && index < tokens.length - 1) return null;
  }
  return entries;
}

interface Token {
  word: string;
  begin: number;
  end: number;
}

const OPENING = new Set(['{', '(', '[']);
const CLOSING = new Set(['}', ')', ']']);
const WORD = /\/\*[^]*?\*\/|"(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'|`[^`]*`|[\p{L}\p{N}_$]+|\s+|[^]/gu;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    WORD.lastIndex = at;
    const word = WORD.exec(text)?.[0] ?? text[at] ?? '';
    const end = word === '/' && !isOperand(tokens[tokens.length - 1]) ? endOfPattern(text, at) : at + word.length;
    if (word.trim() !== '' && !word.startsWith('/*')) tokens.push({ word: text.slice(at, end), begin: at, end });
    at = end;
  }
  return tokens;
}

/** After a value `/` divides, elsewhere it begins a pattern. */
function isOperand(token: Token | undefined): boolean {
  return token !== undefined && /[\p{L}\p{N}_$"'`)\]}]$/u.test(token.word) && !['and', 'or', 'in'].includes(token.word);
}

function endOfPattern(text: string, begin: number): number {
  let depth = 0;
  for (let at = begin + 1; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '\\') at++;
    else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    else if (character === '/' && depth === 0) return at + 1;
  }
  return text.length;
}

function entryOf(text: string, tokens: readonly Token[]): LiteralEntry | null {
  const [key, colon, begin] = tokens;
  const end = tokens[tokens.length - 1];
  if (key === undefined || colon?.word !== ':' || begin === undefined || end === undefined || !/^["']/.test(key.word))
    return null;
  return { key: key.word.slice(1, -1), keyAt: key.begin, text: text.slice(begin.begin, end.end), textAt: begin.begin };
}
