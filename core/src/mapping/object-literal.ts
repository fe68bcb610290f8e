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
  if (!isOneBracket(tokens)) return null;
  const entries = partsOf(tokens.slice(1, -1)).map((part) => entryOf(text, part));
  return entries.every((entry) => entry !== null) ? entries : null;
}

interface Token {
  word: string;
  begin: number;
  end: number;
}

const NESTING: ReadonlyMap<string, number> = new Map([
  ['{', 1],
  ['(', 1],
  ['[', 1],
  ['}', -1],
  [')', -1],
  [']', -1],
]);

/** True where the first token is a brace and the last one closes it. */
function isOneBracket(tokens: readonly Token[]): boolean {
  let depth = 0;
  const closedAt = tokens.findIndex((token) => {
    depth += NESTING.get(token.word) ?? 0;
    return depth === 0;
  });
  return tokens[0]?.word === '{' && closedAt === tokens.length - 1;
}

/** The stretches between commas that stand in no bracket. */
function partsOf(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    depth += NESTING.get(token.word) ?? 0;
    if (depth === 0 && token.word === ',') parts.push([]);
    else parts[parts.length - 1]?.push(token);
  }
  return parts;
}

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
