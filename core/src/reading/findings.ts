import { FINDING, type FindingRow } from '../history/tables.js';
import type { FindingDocument, Listing } from '../model/documents.js';
import { shownInstant } from '../model/instants.js';
import type { JsonObject } from '../model/json.js';
import type { Sql } from '../store/table.js';
import { pageById } from './page-by-id.js';
import type { ListScope, PageRequest } from './page.js';

/** What someone should see and nobody has to decide: open findings, or all there ever were, in the order of their opening. */
export async function listFindings(
  sql: Sql,
  tenantId: string,
  request: PageRequest & { all?: boolean } = {},
): Promise<Listing<FindingDocument>> {
  const all = request.all ?? false;
  const scope: ListScope = { tenantId, list: 'findings', filters: all };
  const { rows, next } = await pageById(sql, FINDING, all ? {} : { closed_at: null }, scope, request);
  return { items: rows.map(findingDocument), next };
}

function findingDocument(row: FindingRow): FindingDocument {
  return {
    id: row.id,
    name: row.name,
    subject: row.subject,
    detail: JSON.parse(row.detail) as JsonObject,
    firstAt: shownInstant(row.first_at),
    lastAt: shownInstant(row.last_at),
    count: row.count,
    closedAt: row.closed_at === null ? null : shownInstant(row.closed_at),
  };
}
