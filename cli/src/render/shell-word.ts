const PLAIN = /^[\p{L}\p{N}_@%+=:,./-]+$/u;
const SPECIAL_IN_DOUBLE_QUOTES = /["$`\\!]/;

/** A word of a command line as a POSIX shell must see it: quoted only where it has to be. */
export function shellWord(word: string): string {
  if (PLAIN.test(word)) return word;
  return SPECIAL_IN_DOUBLE_QUOTES.test(word) ? `'${word.replaceAll("'", `'\\''`)}'` : `"${word}"`;
}

/** A command line that can be pasted into a shell. */
export function shellLine(...words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}
