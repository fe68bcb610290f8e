import type { Claims } from '../model/claims.js';
import { byText } from '../model/compare.js';
import type { RecordDocument, UserDocument } from '../model/documents.js';
import { groupBy } from '../model/group-by.js';
import { shownInstant } from '../model/instants.js';
import type { UserState } from '../population/tables.js';
import { userDocument, type UserSurroundings } from '../population/user-document.js';
import type { Sql } from '../store/table.js';
import { directoriesById, nameOf, positionOf, type DirectoriesById } from './directory-names.js';
import { selectFor } from './select-for.js';

/** Users in the shape of `rollcall.user/1`: four statements, however many there are. */
export async function userDocuments(sql: Sql, tenantId: string, users: readonly UserState[]): Promise<UserDocument[]> {
  const around = await userSurroundings(
    sql,
    tenantId,
    users.map(({ id }) => id),
  );
  return users.map((user) => userDocument(tenantId, user, around.get(user.id) ?? NOTHING));
}

const NOTHING: UserSurroundings = { groups: [], openConflicts: [], records: [] };

/** What stands around these users now: groups, open conflicts, records. */
export async function userSurroundings(
  sql: Sql,
  tenantId: string,
  userIds: readonly string[],
): Promise<Map<string, UserSurroundings>> {
  const directories = await directoriesById(sql, tenantId);
  const groups = groupBy(await openMemberships(sql, tenantId, userIds), (row) => row.user_id);
  const conflicts = groupBy(await openConflicts(sql, tenantId, userIds), (row) => row.user_id);
  const records = groupBy(await linkedRecords(sql, tenantId, userIds), (row) => row.user_id);
  return new Map(
    userIds.map((id) => [
      id,
      {
        groups: groupEntries(groups.get(id) ?? [], directories),
        openConflicts: (conflicts.get(id) ?? []).map((row) => row.id),
        records: recordEntries(records.get(id) ?? [], directories),
      },
    ]),
  );
}

/** A membership with its group. */
export interface MemberOf {
  id: string;
  display_name: string;
  directory_id: string;
}

/** A linked record with the claim on `active`. */
export interface LinkedRecord {
  directory_id: string;
  kind: string;
  source_id: string;
  is_present: boolean;
  claims: Claims | null;
  how: string;
  rule: string | null;
  linked_at: string;
}

/** `groups` of a user. */
export function groupEntries(memberships: readonly MemberOf[], directories: DirectoriesById): UserDocument['groups'] {
  return memberships.map((row) => ({
    id: row.id,
    displayName: row.display_name,
    directory: nameOf(directories, row.directory_id),
  }));
}

/** `records` of a user: directories in the order of the tenant's file. */
export function recordEntries(records: readonly LinkedRecord[], directories: DirectoriesById): RecordDocument[] {
  return [...records]
    .sort(
      (a, b) =>
        positionOf(directories, a.directory_id) - positionOf(directories, b.directory_id) ||
        byText(a.source_id, b.source_id),
    )
    .map((row) => ({
      directory: nameOf(directories, row.directory_id),
      kind: row.kind,
      sourceId: row.source_id,
      present: row.is_present,
      claimsActive: claimedActive(row.claims),
      link: { how: row.how, rule: row.rule, at: shownInstant(row.linked_at) },
    }));
}

function claimedActive(claims: Claims | null): boolean | null {
  const value = claims?.active?.value;
  return typeof value === 'boolean' ? value : null;
}

function openMemberships(
  sql: Sql,
  tenantId: string,
  userIds: readonly string[],
): Promise<(MemberOf & { user_id: string })[]> {
  return selectFor(
    sql,
    userIds,
    ({ ids, id }) => `SELECT m.user_id, g.id, g.display_name, g.directory_id
      FROM ${ids} CROSS JOIN membership AS m CROSS JOIN "group" AS g
      WHERE m.tenant_id = ? AND m.user_id = ${id} AND m.to_sequence IS NULL
        AND g.tenant_id = m.tenant_id AND g.id = m.group_id`,
    [tenantId],
  );
}

function openConflicts(
  sql: Sql,
  tenantId: string,
  userIds: readonly string[],
): Promise<{ user_id: string; id: string }[]> {
  return selectFor(
    sql,
    userIds,
    ({ ids, id }) => `SELECT c.user_id, c.id FROM ${ids} CROSS JOIN conflict AS c
      WHERE c.tenant_id = ? AND c.user_id = ${id} AND c.status = 'open'`,
    [tenantId],
  );
}

type LinkedRow = Omit<LinkedRecord, 'is_present' | 'claims'> & {
  user_id: string;
  gone_begin: number | null;
  claims: string | null;
};

async function linkedRecords(
  sql: Sql,
  tenantId: string,
  userIds: readonly string[],
): Promise<(LinkedRecord & { user_id: string })[]> {
  const rows = await selectFor<LinkedRow>(
    sql,
    userIds,
    ({
      ids,
      id,
    }) => `SELECT l.user_id, l.how, l.rule, l.linked_at, r.directory_id, r.kind, r.source_id, r.gone_begin, c.claims
      FROM ${ids} CROSS JOIN link AS l CROSS JOIN source_record AS r
      LEFT JOIN claims AS c ON c.tenant_id = r.tenant_id AND c.record_id = r.id
      WHERE l.tenant_id = ? AND l.user_id = ${id} AND r.tenant_id = l.tenant_id AND r.id = l.record_id`,
    [tenantId],
  );
  return rows.map(({ gone_begin, claims, ...row }) => ({
    ...row,
    is_present: gone_begin === null,
    claims: claims === null ? null : (JSON.parse(claims) as Claims),
  }));
}
