import type { Listing, ReviewDocument } from '../model/documents.js';
import { reviewDocument } from '../population/review-document.js';
import { REVIEW, type ReviewRow } from '../population/tables.js';
import type { Sql } from '../store/table.js';
import { directoriesById, nameOf } from './directory-names.js';
import { pageById } from './page-by-id.js';
import type { ListScope, PageRequest } from './page.js';

/** What waits for a person, or all that ever did, in the order of opening. */
export async function listReviews(
  sql: Sql,
  tenantId: string,
  request: PageRequest & { all?: boolean } = {},
): Promise<Listing<ReviewDocument>> {
  const all = request.all ?? false;
  const scope: ListScope = { tenantId, list: 'reviews', filters: all };
  const { rows, next } = await pageById(sql, REVIEW, all ? {} : { status: 'open' }, scope, request);
  return { items: await reviewDocuments(sql, tenantId, rows), next };
}

/** Reviews in the shape of their list. */
export async function reviewDocuments(
  sql: Sql,
  tenantId: string,
  rows: readonly ReviewRow[],
): Promise<ReviewDocument[]> {
  const directories = await directoriesById(sql, tenantId);
  return rows.map((row) =>
    reviewDocument(row, row.directory_id === null ? null : nameOf(directories, row.directory_id)),
  );
}
