/**
 * For each character of a scalar's value the offset in the file at which it stands; one more for the end of the value.
 *
 * YAML changes a text in two ways only: escapes in quotes, and white space around line breaks. So words are matched
 * one by one, and a stretch of white space in the value stands for the stretch in the file.
 */
export function sourceOffsets(file: string, begin: number, end: number, value: string): number[] {
  const style = file[begin] ?? '';
  const isQuoted = style === "'" || style === '"';
  const isBlock = style === '|' || style === '>';
  let at = isQuoted ? begin + 1 : isBlock ? afterLine(file, begin) : begin;
  const offsets: number[] = [];
  // By code units, as JSONata counts.
  for (const character of value.split('')) {
    at = skipped(file, at, end, character, style);
    offsets.push(Math.min(at, end));
    at += tokenLength(file, at, character, style);
  }
  offsets.push(Math.min(at, end));
  return offsets;
}

function afterLine(file: string, begin: number): number {
  const newline = file.indexOf('\n', begin);
  return newline < 0 ? file.length : newline + 1;
}

/** Passes over what the file has and the value has not: indentation, folded line breaks. */
function skipped(file: string, from: number, end: number, wanted: string, style: string): number {
  let at = from;
  if (style === '"') while (/^\\\r?\n/.test(file.slice(at, at + 3))) at = afterBlank(file, afterLine(file, at), end);
  if (isBlank(wanted)) return at;
  return file[at] === wanted || (style === '"' && file[at] === '\\') ? at : afterBlank(file, at, end);
}

function afterBlank(file: string, from: number, end: number): number {
  let at = from;
  while (at < end && isBlank(file[at] ?? '')) at++;
  return at;
}

/** How many characters of the file stand for one of the value. */
function tokenLength(file: string, at: number, character: string, style: string): number {
  if (style === "'" && file.startsWith("''", at)) return 2;
  if (style === '"' && file[at] === '\\') return escapeLength(file[at + 1] ?? '');
  if (!isBlank(character)) return 1;
  return style === '|' || style === '>' ? blockBlankLength(file, at) : foldLength(file, at);
}

/** The rest of a stretch of white space is passed over when the next word is looked for. */
function blockBlankLength(file: string, at: number): number {
  return isBlank(file[at] ?? '') ? 1 : 0;
}

/** Outside of blocks one line break is one space, and of several the first one is none. */
function foldLength(file: string, at: number): number {
  const stretch = file.slice(at, afterBlank(file, at, file.length));
  const breaks = stretch.split('\n').length - 1;
  if (breaks === 0) return stretch === '' ? 0 : 1;
  return breaks <= 2 ? stretch.length : stretch.indexOf('\n') + 1;
}

function escapeLength(letter: string): number {
  return { x: 4, u: 6, U: 10 }[letter] ?? 2;
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\n' || character === '\r';
}
