import { stripVTControlCharacters } from 'node:util';

const clusters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

// Letters and signs that fill two cells (Unicode's East Asian Width W and F) and pictures shown as pictures.
const WIDE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\p{Script=Tangut}\u3000-\u303e\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]/u;
const HALF_WIDTH = /^[\uff61-\uffdc\uffe8-\uffee]/u;
const NOTHING = /^[\p{Mark}\p{Default_Ignorable_Code_Point}\p{Control}]+$/u;
const SHOWN_AS_PICTURE = /\ufe0f|\p{Regional_Indicator}{2}/u;

function widthOfCluster(cluster: string): number {
  if (NOTHING.test(cluster)) return 0;
  if (HALF_WIDTH.test(cluster)) return 1;
  return WIDE.test(cluster) || SHOWN_AS_PICTURE.test(cluster) ? 2 : 1;
}

/** How many cells of a terminal a text fills; colours fill none. */
export function widthOf(text: string): number {
  const plain = stripVTControlCharacters(text);
  if (/^[\x20-\x7e]*$/.test(plain)) return plain.length;
  let width = 0;
  for (const { segment } of clusters.segment(plain)) width += widthOfCluster(segment);
  return width;
}

/** The text in at most `width` cells, with `…` where something was cut. For texts without colours. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let shown = '';
  let used = 1;
  for (const { segment } of clusters.segment(text)) {
    used += widthOfCluster(segment);
    if (used > width) break;
    shown += segment;
  }
  return `${shown}…`;
}

/** The text followed by spaces up to `width` cells. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}
