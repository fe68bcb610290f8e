import type { Condition } from './of-tenants.js';

/** Which part of a list whose cursors are the objects themselves. */
export interface ObjectPage {
  limit: number;
  order: 'asc' | 'desc';
  /** Id of the object after which the page begins, in the order asked for. */
  after?: string;
  /** Id of the object before which the page ends. */
  before?: string;
}

/** Such a part. */
export interface ObjectListing<Item> {
  items: Item[];
  /** There are objects before the first of these. */
  hasEarlier: boolean;
  /** There are objects after the last of these. */
  hasLater: boolean;
}

/** The end of a statement: where the page begins, in which order, and how many rows. */
export interface Range extends Condition {
  /** `ORDER BY … LIMIT ?`. */
  order: string;
  limit: number;
}

/** The sort key of an object that a page begins or ends with. */
export type ObjectKey = readonly (string | number)[];

/**
 * Reads a page in the order of its columns. What precedes an object is read backwards from it and turned round.
 *
 * @param key - of the object that `after` or `before` names; null where the page has neither.
 */
export async function pageByObject<Row>(
  page: ObjectPage,
  columns: readonly string[],
  key: ObjectKey | null,
  select: (range: Range) => Promise<Row[]>,
): Promise<{ rows: Row[]; hasEarlier: boolean; hasLater: boolean }> {
  const isBackwards = page.before !== undefined;
  const isAscending = (page.order === 'asc') !== isBackwards;
  const direction = isAscending ? 'ASC' : 'DESC';
  const places = columns.map(() => '?').join(', ');
  const rows = await select({
    text: key === null ? '' : ` AND (${columns.join(', ')}) ${isAscending ? '>' : '<'} (${places})`,
    bindings: key ?? [],
    order: `ORDER BY ${columns.map((column) => `${column} ${direction}`).join(', ')} LIMIT ?`,
    limit: page.limit + 1,
  });
  const hasMore = rows.length > page.limit;
  const kept = rows.slice(0, page.limit);
  if (isBackwards) kept.reverse();
  return { rows: kept, hasEarlier: isBackwards ? hasMore : key !== null, hasLater: isBackwards || hasMore };
}
