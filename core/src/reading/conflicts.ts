import type { ConflictDocument, Listing } from '../model/documents.js';
import { shownInstant } from '../model/instants.js';
import type { Json } from '../model/json.js';
import { CONFLICT, type ConflictRow } from '../population/tables.js';
import type { Sql } from '../store/table.js';
import { pageById } from './page-by-id.js';
import type { ListScope, PageRequest } from './page.js';
import { unknownWho, whoOfUsers } from './who-of-users.js';

/** Open conflicts, or all there ever were, in the order of their opening. */
export async function listConflicts(
  sql: Sql,
  tenantId: string,
  request: PageRequest & { all?: boolean } = {},
): Promise<Listing<ConflictDocument>> {
  const all = request.all ?? false;
  const scope: ListScope = { tenantId, list: 'conflicts', filters: all };
  const { rows, next } = await pageById(sql, CONFLICT, all ? {} : { status: 'open' }, scope, request);
  return { items: await conflictDocuments(sql, tenantId, rows), next };
}

/** Conflicts in the shape of their list: one statement for whom they are about. */
export async function conflictDocuments(
  sql: Sql,
  tenantId: string,
  rows: readonly ConflictRow[],
): Promise<ConflictDocument[]> {
  const names = await whoOfUsers(
    sql,
    tenantId,
    rows.map((row) => row.user_id),
  );
  return rows.map((row) => ({
    id: row.id,
    status: row.status as ConflictDocument['status'],
    user: row.user_id,
    who: names.get(row.user_id) ?? unknownWho(row.user_id),
    attribute: row.attribute,
    value: JSON.parse(row.value) as Json,
    openedAt: shownInstant(row.opened_at),
    updatedAt: shownInstant(row.updated_at),
    closedAt: row.closed_at === null ? null : shownInstant(row.closed_at),
    claims: claimsOf(row.claims),
    rule: { version: row.rules_version, path: row.rule_path },
  }));
}

/** The record's own id is the store's business. */
function claimsOf(text: string): ConflictDocument['claims'] {
  const claims = JSON.parse(text) as (ConflictDocument['claims'][number] & { recordId?: string })[];
  return claims.map((claim) => {
    const { recordId, ...shown } = claim;
    return recordId === undefined ? claim : shown;
  });
}
