import type { Listing, ReviewDocument } from '../model/documents.js';
import { shownInstant } from '../model/instants.js';
import type { JsonObject } from '../model/json.js';
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
  return rows.map((row) => ({
    id: row.id,
    status: row.status as ReviewDocument['status'],
    kind: row.kind,
    guard: row.guard,
    doubt: row.doubt,
    directory: row.directory_id === null ? null : nameOf(directories, row.directory_id),
    runId: row.run_id,
    openedAt: shownInstant(row.opened_at),
    counts: JSON.parse(row.counts) as Record<string, number>,
    sample: JSON.parse(row.sample) as ReviewDocument['sample'],
    detail: JSON.parse(row.detail) as JsonObject,
    planHash: row.plan_hash,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at === null ? null : shownInstant(row.decided_at),
    reason: row.reason,
  }));
}
