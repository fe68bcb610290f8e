import { createHash } from 'node:crypto';
import { RollcallError } from '@rollcall/connector-kit';
import type { Json } from '../model/json.js';

/** Which part of a list: at most `limit` items (default 100) after the cursor of the page before. */
export interface PageRequest {
  limit?: number;
  after?: string;
}

/** Where a page ended: the sort key of its last item. */
export type PageKey = readonly (string | number)[];

/** The list that a cursor belongs to: of this tenant, of this name, with these filters. */
export interface ListScope {
  tenantId: string;
  list: string;
  filters: Json;
}

const DEFAULT_LIMIT = 100;
/** A page is held in memory whole. */
const MAX_LIMIT = 10_000;

/**
 * How many items the page may have; what is beyond the most that a page holds comes with `next`.
 *
 * @throws RC_USAGE_LIMIT
 */
export function limitOf(limit: number | undefined): number {
  if (limit === undefined) return DEFAULT_LIMIT;
  if (Number.isInteger(limit) && limit >= 1) return Math.min(limit, MAX_LIMIT);
  throw new RollcallError('RC_USAGE_LIMIT', 64, 'stop', {
    what: `A page cannot have ${limit} items.`,
    mend: 'Give a whole number from 1 up.',
  });
}

/** Cuts the one row too many that was asked for, and says where the next page begins. */
export function pageOf<Row>(
  scope: ListScope,
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => PageKey,
): { rows: readonly Row[]; next: string | null } {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { rows: kept, next: rows.length > limit && last !== undefined ? writeCursor(scope, keyOf(last)) : null };
}

/** A cursor says nothing to its reader and fits no other list. */
export function writeCursor(scope: ListScope, key: PageKey): string {
  return Buffer.from(JSON.stringify([...key, checksum(scope, key)])).toString('base64url');
}

/**
 * Reads a cursor back.
 *
 * @throws RC_CURSOR_INVALID when it was altered or comes from another list.
 */
export function readCursor(scope: ListScope, cursor: string | undefined): PageKey | null {
  if (cursor === undefined) return null;
  const parts = parseCursor(cursor);
  const key = parts.slice(0, -1);
  if (key.length > 0 && writeCursor(scope, key) === cursor) return key;
  throw new RollcallError('RC_CURSOR_INVALID', 64, 'stop', {
    what: 'The cursor does not belong to this list.',
    where: { tenant: scope.tenantId },
    mend: 'Give "next" of the page before, with the same filters, or leave it out to begin anew.',
  });
}

function parseCursor(cursor: string): (string | number)[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (!Array.isArray(parts)) return [];
    return parts.filter((part) => typeof part === 'string' || typeof part === 'number');
  } catch {
    return [];
  }
}

function checksum({ tenantId, list, filters }: ListScope, key: PageKey): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([tenantId, list, filters, key]))
    .digest('base64url');
  return digest.slice(0, 16);
}
