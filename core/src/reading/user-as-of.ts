import { StoredMappings, type MappingSource } from '../history/as-of-claims.js';
import { foldChanges } from '../history/as-of-fold.js';
import { linksAsOf } from '../history/as-of-links.js';
import { membershipsAsOf } from '../history/as-of-memberships.js';
import { recordsAsOf, type SpokenRecord } from '../history/as-of-records.js';
import { changesUntil, stateOf } from '../history/as-of.js';
import { notYetThere } from '../history/explain.js';
import type { UserDocument } from '../model/documents.js';
import type { ConflictRow, UserState } from '../population/tables.js';
import { userDocument } from '../population/user-document.js';
import type { Sql } from '../store/table.js';
import { directoriesById } from './directory-names.js';
import { groupEntries, recordEntries, type LinkedRecord } from './user-surroundings.js';

/**
 * One user in the shape of `rollcall.user/1` as of a moment that is past.
 *
 * @param at - in the form of the store.
 * @throws RC_USER_NOT_FOUND when there was no such user yet.
 */
export async function showUserAsOf(
  sql: Sql,
  tenantId: string,
  user: UserState,
  at: string,
  source: MappingSource,
): Promise<UserDocument> {
  const folded = foldChanges(await changesUntil(sql, tenantId, user.id, at));
  if (folded === null) throw notYetThere(tenantId, user.id, at, user.createdAt);
  const state = stateOf(user, folded);
  const directories = await directoriesById(sql, tenantId);
  const links = await linksAsOf(sql, tenantId, user.id, at);
  const records = await recordsAsOf(sql, tenantId, { links, state, folded, at }, new StoredMappings(source));
  return userDocument(tenantId, state, {
    groups: groupEntries(await membershipsAsOf(sql, tenantId, user.id, at), directories),
    openConflicts: await conflictsAsOf(sql, tenantId, user.id, at),
    records: recordEntries(records.flatMap(linkedRecord), directories),
  });
}

function linkedRecord({ row, link, gone, claims }: SpokenRecord): LinkedRecord[] {
  if (link === null) return [];
  return [
    {
      directory_id: row.directory_id,
      kind: row.kind,
      source_id: row.source_id,
      is_present: gone === null,
      claims,
      how: link.how,
      rule: link.rule,
      linked_at: link.at,
    },
  ];
}

async function conflictsAsOf(sql: Sql, tenantId: string, userId: string, at: string): Promise<string[]> {
  const rows = await sql<ConflictRow>('conflict')
    .where({ tenant_id: tenantId, user_id: userId })
    .where('opened_at', '<=', at)
    .where((open) => void open.whereNull('closed_at').orWhere('closed_at', '>', at))
    .orderBy('id')
    .select('id');
  return rows.map((row) => row.id);
}
