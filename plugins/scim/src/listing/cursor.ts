import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { badRequest } from '../errors.js';

/** How long a cursor can be used after it was given out. */
export const CURSOR_SECONDS = 3600;

/** Where a walk goes on: behind a position of the nth kind of resource, or, of a sorted list, behind so many. */
export interface CursorPlace {
  readonly kindNo: number;
  readonly after: number;
}

/** What a cursor is bound to. */
export interface CursorBinding {
  readonly key: Uint8Array;
  readonly now: Date;
  /** Names the directory and everything that was asked but for the count. */
  readonly question: string;
  readonly count: number;
}

/** Makes a cursor: opaque, signed, of no use for another directory or question. */
export function makeCursor(place: CursorPlace, binding: CursorBinding): string {
  const expires = binding.now.getTime() + CURSOR_SECONDS * 1000;
  const text = [place.kindNo, place.after, binding.count, expires].join('.');
  return Buffer.from(`${text}.${sign(text, binding)}`).toString('base64url');
}

/**
 * Reads a cursor; an empty one is the begin.
 *
 * @throws ScimError 400 `invalidCursor`, `expiredCursor`, or `invalidCount` for another count than before (RFC 9865 section 2).
 */
export function readCursor(cursor: string, binding: CursorBinding): CursorPlace {
  if (cursor === '') return { kindNo: 0, after: 0 };
  const text = Buffer.from(cursor, 'base64url').toString();
  const cut = text.lastIndexOf('.');
  const [body, signature] = [text.slice(0, Math.max(0, cut)), text.slice(cut + 1)];
  if (!isEqual(signature, sign(body, binding))) {
    throw badRequest('invalidCursor', 'This cursor was not given out for this request.');
  }
  const [kindNo = 0, after = 0, count = 0, expires = 0] = body.split('.').map(Number);
  if (expires <= binding.now.getTime())
    throw badRequest('expiredCursor', 'This cursor has expired. Begin again without one.');
  if (count !== binding.count) throw badRequest('invalidCount', 'Ask with the same "count" as for the first page.');
  return { kindNo, after };
}

function sign(text: string, { key, question }: CursorBinding): string {
  const hash = createHash('sha256').update(question).digest('hex');
  return createHmac('sha256', key).update(`${hash}.${text}`).digest('base64url');
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
