import type { Json } from '../model/json.js';
import { escapeControl } from '../security/redact.js';

/** So much of an answer is kept. */
const KEPT_BYTES = 1_024;
/** Shorter values are words of every language, and would mask half of what an answer says. */
const LEAST_LENGTH = 3;
const MASK = '***';
const ADDRESSES = /[^\s"'<>,;:=()[\]{}]+@[^\s"'<>,;:=()[\]{}]+/g;
/** Tokens, hashes, numbers of accounts and telephones. */
const LONG_WORDS = /[\w+/=-]{24,}|\+?\d[\d ()./-]{5,}\d/g;

/**
 * The beginning of an answer as the delivery log keeps it. Whatever was sent and comes back in it, mail addresses, long
 * numbers and tokens are masked: a receiver that repeats the body must not bring personal values into the log.
 */
export function maskedAnswer(answer: string, sent: string): string {
  const values = [...valuesOf(JSON.parse(sent) as Json)].sort((a, b) => b.length - a.length);
  const masked = values
    .reduce((text, value) => text.replaceAll(value, MASK), answer)
    .replaceAll(ADDRESSES, MASK)
    .replaceAll(LONG_WORDS, MASK);
  // NUL cannot be stored, and nothing else that moves a cursor should be shown.
  return cut(escapeControl(masked));
}

function valuesOf(value: Json, found = new Set<string>()): Set<string> {
  if (typeof value === 'string' && value.length >= LEAST_LENGTH) addForms(value, found);
  else if (Array.isArray(value)) for (const item of value) valuesOf(item, found);
  else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) valuesOf(item, found);
  return found;
}

/** As it is, as JSON spells it, as a form does. */
function addForms(value: string, found: Set<string>): void {
  found.add(value);
  found.add(JSON.stringify(value).slice(1, -1));
  // Half a character has no such form.
  if (!/\p{Cs}/u.test(value)) found.add(encodeURIComponent(value));
}

/** Cuts after a whole character. */
function cut(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.length <= KEPT_BYTES
    ? text
    : bytes
        .subarray(0, KEPT_BYTES)
        .toString()
        .replace(/\uFFFD+$/, '');
}
