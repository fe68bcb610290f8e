/** What is wrong with the form of a JSON text beyond its grammar. */
export type JsonTextFault =
  { readonly fault: 'depth' } | { readonly fault: 'doubled' | 'prototype'; readonly key: string };

const PIECE = /"(?:[^"\\]|\\[^])*"|[{}[\],:]/g;

/**
 * Looks for nesting that is too deep, for a key that stands twice in an object (in any letters: names of SCIM are alike
 * whatever their letters) and for the key that would reach the prototype. `JSON.parse` says nothing of any of them.
 *
 * @param text - a text that `JSON.parse` accepts.
 */
export function faultOf(text: string, deepest: number): JsonTextFault | undefined {
  /** Per open bracket the keys seen; null for a list. */
  const open: (Set<string> | null)[] = [];
  let last = '';
  for (const [piece] of text.matchAll(PIECE)) {
    if (piece === '{' || piece === '[') {
      if (open.length >= deepest) return { fault: 'depth' };
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

function faultOfKey(quoted: string, seen: Set<string> | null | undefined): JsonTextFault | undefined {
  const key = JSON.parse(quoted) as string;
  if (key === '__proto__') return { fault: 'prototype', key };
  const folded = key.toLowerCase();
  if (seen?.has(folded) === true) return { fault: 'doubled', key };
  seen?.add(folded);
  return undefined;
}
