import { fail } from '../errors.js';
import type { Run } from '../run.js';

const MAX_PICTURE = 256;

/** Refuses pictures that are long. */
export function checkPicture(picture: string, run: Run): void {
  run.spend(2 + (picture.length >>> 2));
  if (picture.length > MAX_PICTURE) fail('BUDGET_PICTURE');
}

/** The same for dates, whose markers can also ask for widths of which no output could be sane: `[Y,999999999]`. */
export function checkDatePicture(picture: string, run: Run): void {
  checkPicture(picture, run);
  for (const [, marker = ''] of picture.matchAll(/\[([^\]]*)\]/g)) {
    const comma = marker.lastIndexOf(',');
    if (comma >= 0 && /\d{3}/.test(marker.slice(comma).replace(/\s+/g, ''))) fail('BUDGET_PICTURE');
  }
}

/** What a part of a picture may match, as far as it matters to where it ends. */
type Kind = 'digits' | 'letters' | 'words';

interface Part {
  readonly kind: Kind;
  /** The text between the part before and this one. */
  readonly literal: string;
  /** Its width is fixed when another number follows at once. */
  readonly isNumber: boolean;
  /** A zone whose separator the interpreter puts into its pattern as it stands. */
  readonly isDoubtful: boolean;
}

const OUTSIDE: Readonly<Record<Kind, RegExp>> = {
  digits: /[^0-9]/,
  letters: /[^a-zA-Z]/,
  words: /[^a-zA-Z ,-]/,
};

/**
 * Steps for parsing `length` characters by a picture. The interpreter makes one regular expression of it, in which
 * every two parts that no literal divides multiply the ways to try.
 */
export function parsingCost(picture: string, length: number): number {
  let degree = 1;
  let before: Part | undefined;
  for (const part of partsOf(picture)) {
    if (before !== undefined && !isDivided(before, part)) degree++;
    if (part.isDoubtful) degree++;
    before = part;
  }
  return 1 + length ** degree / 32;
}

function isDivided(before: Part, part: Part): boolean {
  if (part.literal === '' && before.isNumber && part.isNumber) return true;
  return OUTSIDE[before.kind].test(part.literal);
}

function partsOf(picture: string): Part[] {
  const parts: Part[] = [];
  let literal = '';
  for (let at = 0; at < picture.length; at++) {
    if (picture.charAt(at) !== '[') {
      literal += picture.charAt(at);
    } else if (picture.charAt(at + 1) === '[') {
      literal += '[';
      at++;
    } else {
      const end = picture.indexOf(']', at);
      if (end < 0) break;
      parts.push(partOf(picture.slice(at + 1, end).replace(/\s+/g, ''), literal));
      literal = '';
      at = end;
    }
  }
  return parts;
}

function partOf(marker: string, literal: string): Part {
  const component = marker.charAt(0);
  const [presentation = ''] = marker.slice(1).split(',');
  const isName = /^[nN]/.test(presentation) || (presentation === '' && 'FPCE'.includes(component));
  const isZone = component === 'Z' || component === 'z';
  const kind = kindOf(isName, presentation);
  return {
    kind,
    literal,
    isNumber: kind === 'digits' && !isZone && component !== 'f',
    isDoubtful: isZone && !/^[0-9#:.t-]*$/.test(presentation),
  };
}

function kindOf(isName: boolean, presentation: string): Kind {
  if (isName) return 'letters';
  if (/^[wW]/.test(presentation)) return 'words';
  return /^[aAiI]/.test(presentation) ? 'letters' : 'digits';
}
