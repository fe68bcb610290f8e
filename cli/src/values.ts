import { UsageError } from './usage-error.js';

const INSTANT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** Milliseconds of an ISO 8601 date or an instant with a zone; null for everything else, 31 February included. */
function millisecondsOf(text: string): number | null {
  if (!INSTANT.test(text)) return null;
  const day = text.slice(0, 10);
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const isRealDay = !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
  const milliseconds = Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text);
  return isRealDay && !Number.isNaN(milliseconds) ? milliseconds : null;
}

/** An instant that was typed, as ISO 8601 UTC; a date alone means its first moment in UTC. */
export function instantOf(flag: string, text: string): string {
  const milliseconds = millisecondsOf(text);
  if (milliseconds === null) {
    throw new UsageError(
      'RC_USAGE_INSTANT_INVALID',
      `${flag} must be an instant, not "${text}".`,
      'Write ISO 8601 with a zone, such as 2026-03-09T08:00:00Z, or a date alone.',
    );
  }
  return new Date(milliseconds).toISOString().replace('.000Z', 'Z');
}

/** A whole number of at least `least` that was typed. */
export function wholeNumberOf(flag: string, text: string, least: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value) || value < least) {
    throw new UsageError(
      'RC_USAGE_NUMBER_INVALID',
      `${flag} must be a whole number of at least ${least}, not "${text}".`,
      `Write it in digits, such as ${flag} ${Math.max(least, 100)}.`,
    );
  }
  return value;
}

/** What `ROLLCALL_NOW` says; undefined where the wall clock counts. */
export function givenInstant(text: string | undefined): Date | undefined {
  if (text === undefined || text === '') return undefined;
  const milliseconds = text.includes('T') ? millisecondsOf(text) : null;
  if (milliseconds === null) {
    throw new UsageError(
      'RC_USAGE_CLOCK_INVALID',
      `ROLLCALL_NOW must be an instant, not "${text}".`,
      'Write it as 2026-03-09T08:00:00Z, or unset ROLLCALL_NOW to use the wall clock.',
    );
  }
  return new Date(milliseconds);
}

/** The words of a list with commas. */
export function wordsIn(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

const MOST_PORT = 65_535;

/** A port that was typed; 0 takes a free one. */
export function portOf(flag: string, text: string): number {
  const port = wholeNumberOf(flag, text, 0);
  if (port <= MOST_PORT) return port;
  throw new UsageError(
    'RC_USAGE_NUMBER_INVALID',
    `${flag} must be a port, not "${text}".`,
    `Write a number up to ${MOST_PORT}, such as ${flag} 8080.`,
  );
}

/** An address of a service that was typed: scheme, host and port, without a path. */
export function originOf(flag: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '') return url.origin;
  throw new UsageError(
    'RC_USAGE_URL_INVALID',
    `${flag} must be an address without a path, not "${text}".`,
    `Write it such as ${flag} https://rollcall.example`,
  );
}
