import { fail } from '../errors.js';
import type { Run } from '../run.js';
import { isRecord, own } from '../values.js';
import { callBorrowed } from './borrowed.js';
import { asNumber, asText, type Builtins } from './builtin.js';
import { checkDatePicture, checkPicture, parsingCost } from './picture-cost.js';

const ISO = /^\d{4}(-[01]\d)?(-[0-3]\d)?(T[0-2]\d:[0-5]\d:[0-5]\d)?(\.\d+)?([+-][0-2]\d:?[0-5]\d|Z)?$/;

const ZONE = /(?:Z|[+-]\d\d:?\d\d)$/;

/** Past this the interpreter's Roman numerals recur once for each thousand. */
const MAX_ROMAN = 4_000_000;

function isEndless(value: unknown): boolean {
  return value === Infinity || value === -Infinity;
}

/** What makes the interpreter loop for ever: endless numbers, and separators that are empty. */
function formatNumber(value: unknown, picture: unknown, options: unknown, run: Run): unknown {
  if (value === undefined) return undefined;
  checkPicture(asText(picture), run);
  if (isRecord(options)) {
    for (const name of Object.keys(options)) checkSeparator(name, own(options, name));
  }
  if (isEndless(value) && asText(picture).includes(exponentIn(options))) {
    // What is wrong with the picture comes first: any number shows it.
    callBorrowed('formatNumber', undefined, [1, picture, options]);
    fail('D1001');
  }
  return callBorrowed('formatNumber', undefined, [value, picture, options]);
}

const WORDS = new Set(['infinity', 'NaN']);

/** The character before an exponent, towards which an endless number is divided for ever. */
function exponentIn(options: unknown): string {
  const given = isRecord(options) ? own(options, 'exponent-separator') : undefined;
  return typeof given === 'string' ? given : 'e';
}

function checkSeparator(name: string, text: unknown): void {
  const isFine = typeof text === 'string' && text.length <= 16 && (text !== '' || WORDS.has(name));
  if (!isFine) fail('INVALID_ARGUMENT');
}

function formatInteger(value: unknown, picture: unknown, run: Run): unknown {
  if (value === undefined) return undefined;
  checkPicture(asText(picture), run);
  // Letters, Roman numerals and words of an endless number have no end.
  if (isEndless(value) && /^[aAiIwW]/.test(asText(picture))) fail('D1001');
  if (/^[iI](;|$)/.test(asText(picture)) && Math.abs(asNumber(value)) > MAX_ROMAN) fail('BUDGET_STRING');
  return callBorrowed('formatInteger', undefined, [value, picture]);
}

function parseInteger(text: unknown, picture: unknown, run: Run): unknown {
  if (text === undefined) return undefined;
  checkPicture(asText(picture), run);
  run.chars(asText(text).length);
  return callBorrowed('parseInteger', undefined, [text, picture]);
}

export function fromMillis(millis: unknown, picture: unknown, zone: unknown, run: Run): unknown {
  if (millis === undefined) return undefined;
  if (picture === undefined && zone === undefined) {
    const iso = isoText(asNumber(millis));
    if (iso !== undefined) return iso;
  }
  if (picture !== undefined) checkDatePicture(asText(picture), run);
  return run.text(asText(callBorrowed('fromMillis', undefined, [millis, picture, zone])));
}

/** The default picture is ISO 8601 for years of four digits; others go the long way. */
function isoText(millis: number): string | undefined {
  const date = new Date(millis);
  const year = date.getUTCFullYear();
  return year >= 0 && year <= 9999 ? date.toISOString() : undefined;
}

function toMillis(text: unknown, picture: unknown, run: Run): unknown {
  if (text === undefined) return undefined;
  const timestamp = asText(text);
  if (picture === undefined) return ISO.test(timestamp) ? Date.parse(inUtc(timestamp)) : fail('D3110');
  checkDatePicture(asText(picture), run);
  run.spend(parsingCost(asText(picture), timestamp.length));
  return callBorrowed('toMillis', { environment: { timestamp: clockOf(run) } }, [timestamp, picture]);
}

/** A timestamp without a zone would be read in the zone of the machine: the same text gives the same instant everywhere. */
function inUtc(timestamp: string): string {
  return timestamp.includes('T') && !ZONE.test(timestamp) ? `${timestamp}Z` : timestamp;
}

/** A date that is looked at only where the picture leaves parts of the date open; then the caller must give it. */
function clockOf(run: Run): unknown {
  const part = (read: (date: Date) => number) => (): number => read(new Date(run.now()));
  return {
    getTime: part((date) => date.getTime()),
    getUTCFullYear: part((date) => date.getUTCFullYear()),
    getUTCMonth: part((date) => date.getUTCMonth()),
    getUTCDate: part((date) => date.getUTCDate()),
    getUTCDay: part((date) => date.getUTCDay()),
    getUTCHours: part((date) => date.getUTCHours()),
    getUTCMinutes: part((date) => date.getUTCMinutes()),
    getUTCSeconds: part((date) => date.getUTCSeconds()),
    getUTCMilliseconds: part((date) => date.getUTCMilliseconds()),
  };
}

export const pictures: Builtins = {
  formatNumber: {
    signature: '<n-so?:s>',
    arity: 3,
    invoke: ([value, picture, options], _input, run) => formatNumber(value, picture, options, run),
  },
  formatInteger: {
    signature: '<n-s:s>',
    arity: 2,
    invoke: ([value, picture], _input, run) => formatInteger(value, picture, run),
  },
  parseInteger: {
    signature: '<s-s:n>',
    arity: 2,
    invoke: ([text, picture], _input, run) => parseInteger(text, picture, run),
  },
  toMillis: { signature: '<s-s?:n>', arity: 2, invoke: ([text, picture], _input, run) => toMillis(text, picture, run) },
  fromMillis: {
    signature: '<n-s?s?:s>',
    arity: 3,
    invoke: ([millis, picture, zone], _input, run) => fromMillis(millis, picture, zone, run),
  },
  now: {
    signature: '<s?s?:s>',
    arity: 2,
    invoke: ([picture, zone], _input, run) => fromMillis(run.now(), picture, zone, run),
  },
  millis: { signature: '<:n>', arity: 0, parameters: 1, invoke: (_args, _input, run) => run.now() },
};
