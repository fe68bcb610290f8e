import { widthOf } from './width.js';

/** Breaks a text between words into lines of at most `width` cells; following lines start with `indent`. */
export function wrap(text: string, width: number, indent = ''): string {
  if (widthOf(text) <= width) return text;
  const lines: string[] = [];
  let line = /^ */.exec(text)?.[0] ?? '';
  let isEmpty = true;
  for (const word of text.trimStart().split(' ')) {
    const longer = isEmpty ? `${line}${word}` : `${line} ${word}`;
    if (!isEmpty && widthOf(longer) > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else {
      line = longer;
    }
    isEmpty = false;
  }
  return [...lines, line].join('\n');
}
