/** A piece of a filter. A word is everything else: names, operators, values without quotes. */
export type Token =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: '(' | ')' | '[' | ']'; readonly text: string };

const PIECE = /\s+|([()[\]])|("[^"\\]*(?:\\[^][^"\\]*)*")|([^\s()[\]"]+)/gy;

/**
 * Cuts a filter into its pieces, in linear time.
 *
 * @returns undefined when a text never ends or is no JSON string.
 */
export function tokenise(source: string): Token[] | undefined {
  const tokens: Token[] = [];
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < source.length) {
    const found = PIECE.exec(source);
    if (found === null) return undefined;
    const [, bracket, quoted, word] = found;
    if (bracket !== undefined) tokens.push({ kind: bracket as '(' | ')' | '[' | ']', text: bracket });
    if (word !== undefined) tokens.push({ kind: 'word', text: word });
    if (quoted === undefined) continue;
    const text = readText(quoted);
    if (text === undefined) return undefined;
    tokens.push({ kind: 'text', text });
  }
  return tokens;
}

function readText(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}
