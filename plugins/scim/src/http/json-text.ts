/** A key that a body must not have. `JSON.parse` says nothing of either kind. */
export interface KeyFault {
  readonly fault: 'doubled' | 'prototype';
  readonly key: string;
}

const BRACKET = /["[{\]}]/g;
const END_OF_TEXT = /[^\\](?:\\\\)*"/g;
const PIECE = /"[^"\\]*(?:\\[^][^"\\]*)*"|[{}[\],:]/g;

/**
 * True when brackets are nested deeper than allowed. Asked before the text is parsed: parsing a body of nothing but brackets
 * takes seconds.
 */
export function isDeeperThan(text: string, deepest: number): boolean {
  let depth = 0;
  BRACKET.lastIndex = 0;
  for (let found = BRACKET.exec(text); found !== null; found = BRACKET.exec(text)) {
    const [bracket] = found;
    if (bracket === '"') {
      const end = endOfText(text, found.index);
      if (end === undefined) return false;
      BRACKET.lastIndex = end;
    } else if (bracket === '[' || bracket === '{') {
      depth += 1;
      if (depth > deepest) return true;
    } else {
      depth -= 1;
    }
  }
  return false;
}

/** Where the text that begins at `begin` is over; undefined when it never is. */
function endOfText(text: string, begin: number): number | undefined {
  END_OF_TEXT.lastIndex = begin;
  return END_OF_TEXT.exec(text) === null ? undefined : END_OF_TEXT.lastIndex;
}

/**
 * Looks for a key that stands twice in an object (in any letters: names of SCIM are alike whatever their letters) and for the
 * key that would reach the prototype.
 *
 * @param text - a text that `JSON.parse` accepts.
 */
export function faultOf(text: string): KeyFault | undefined {
  /** Per open bracket the keys seen; null for a list. */
  const open: (Set<string> | null)[] = [];
  let last = '';
  for (const [piece] of text.matchAll(PIECE)) {
    if (piece === '{' || piece === '[') {
      open.push(piece === '{' ? new Set() : null);
    } else if (piece === '}' || piece === ']') {
      open.pop();
    } else if (piece === ':') {
      const fault = faultOfKey(last, open.at(-1));
      if (fault !== undefined) return fault;
    }
    last = piece;
  }
  return undefined;
}

function faultOfKey(quoted: string, seen: Set<string> | null | undefined): KeyFault | undefined {
  const key = JSON.parse(quoted) as string;
  if (key === '__proto__') return { fault: 'prototype', key };
  const folded = key.toLowerCase();
  if (seen?.has(folded) === true) return { fault: 'doubled', key };
  seen?.add(folded);
  return undefined;
}
