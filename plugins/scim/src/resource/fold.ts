import { createHash } from 'node:crypto';

/**
 * The form in which texts are compared where letters are alike: NFC, and lower case by way of upper case, so that `ß`
 * meets `SS` and both forms of sigma meet. No rules of a language.
 */
export function fold(text: string): string {
  return text.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}

/** Longer values are indexed by their hash: databases limit the size of an indexed text. */
const LONGEST_KEY = 200;

/** The form of a value in an index; equal values have equal forms. At most 200 characters. */
export function indexForm(value: string, isCaseExact: boolean): string {
  const text = isCaseExact ? value : fold(value);
  return text.length <= LONGEST_KEY ? text : `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
