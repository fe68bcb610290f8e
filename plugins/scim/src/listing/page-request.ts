import { badRequest, shown } from '../errors.js';
import type { ListParameters } from '../http/query.js';

/** Resources on a page when nobody says how many, and at most. */
export const DEFAULT_PAGE = 100;
export const LARGEST_PAGE = 200;

/** Which part of a list is asked for. */
export type PageWanted =
  | { readonly by: 'index'; readonly startIndex: number; readonly count: number }
  | { readonly by: 'cursor'; readonly cursor: string; readonly count: number };

/**
 * Reads which page is wanted (RFC 7644 section 3.4.2.4, RFC 9865). Numbers out of range are clamped; a cursor, even an empty
 * one, goes before `startIndex`.
 *
 * @throws ScimError 400 for what is no whole number: `invalidCount` beside a cursor, else `invalidValue`.
 */
export function readPageWanted({ startIndex, count, cursor }: ListParameters): PageWanted {
  if (cursor === undefined) {
    const start = readInteger('startIndex', startIndex) ?? 1;
    return { by: 'index', startIndex: Math.max(1, start), count: clamp(readInteger('count', count)) };
  }
  const wanted = readInteger('count', count, 'invalidCount');
  if (wanted !== undefined && wanted < 1)
    throw badRequest('invalidCount', '"count" must be 1 or more beside a cursor.');
  return { by: 'cursor', cursor, count: clamp(wanted) };
}

function readInteger(
  name: string,
  text: string | undefined,
  scimType: 'invalidValue' | 'invalidCount' = 'invalidValue',
): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const number = Number(text);
  if (/^\s*[+-]?\d+\s*$/.test(text) && Number.isFinite(number)) return number;
  throw badRequest(scimType, `"${name}" must be a whole number, not ${shown(text)}.`);
}

function clamp(count: number | undefined): number {
  return Math.min(LARGEST_PAGE, Math.max(0, count ?? DEFAULT_PAGE));
}
