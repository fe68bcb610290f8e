import { RollcallError } from '@rollcall/connector-kit';
import type { GroupDocument, Listing } from '../model/documents.js';
import { GROUP, type GroupRow, type MembershipRow } from '../population/tables.js';
import type { Sql } from '../store/table.js';
import { directoriesById, nameOf } from './directory-names.js';
import { pageById } from './page-by-id.js';
import { limitOf, pageOf, readCursor, type ListScope, type PageRequest } from './page.js';
import { selectFor } from './select-for.js';
import { unknownWho, whoOfUsers } from './who-of-users.js';

/** A group with a page of its members, by user id. */
export interface ShownGroup extends GroupDocument {
  membersPage: { id: string; name: string }[];
  membersNext: string | null;
}

/** Groups in the order of their making, removed ones among them. */
export async function listGroups(
  sql: Sql,
  tenantId: string,
  request: PageRequest = {},
): Promise<Listing<GroupDocument>> {
  const scope: ListScope = { tenantId, list: 'groups', filters: null };
  const { rows, next } = await pageById(sql, GROUP, {}, scope, request);
  return { items: await groupDocuments(sql, tenantId, rows), next };
}

/** Groups in the shape of their list: two statements, however many there are. */
export async function groupDocuments(sql: Sql, tenantId: string, rows: readonly GroupRow[]): Promise<GroupDocument[]> {
  const directories = await directoriesById(sql, tenantId);
  const members = await countMembers(
    sql,
    tenantId,
    rows.map((row) => row.id),
  );
  return rows.map((row) => ({
    id: row.id,
    tenant: tenantId,
    displayName: row.display_name,
    directory: nameOf(directories, row.directory_id),
    removed: row.removed === 1,
    version: row.version,
    members: members.get(row.id) ?? 0,
  }));
}

/** How many members each of the groups has now; one without any is not in the answer. */
export async function countMembers(
  sql: Sql,
  tenantId: string,
  groupIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await selectFor<{ group_id: string; members: number | string }>(
    sql,
    groupIds,
    ({ ids, id }) => `SELECT m.group_id, COUNT(*) AS members FROM ${ids} CROSS JOIN membership AS m
      WHERE m.tenant_id = ? AND m.group_id = ${id} AND m.to_sequence IS NULL GROUP BY m.group_id`,
    [tenantId],
  );
  return new Map(rows.map((row) => [row.group_id, Number(row.members)]));
}

/**
 * One group by its `grp-` id, its display name, or DIRECTORY:NAME where two directories have a group of that name.
 *
 * @throws RC_GROUP_NOT_FOUND, RC_GROUP_AMBIGUOUS with `candidates`
 */
export async function showGroup(
  sql: Sql,
  tenantId: string,
  group: string,
  request: PageRequest = {},
): Promise<ShownGroup> {
  const row = await findGroup(sql, tenantId, group);
  const scope: ListScope = { tenantId, list: 'members', filters: row.id };
  const after = readCursor(scope, request.after);
  const limit = limitOf(request.limit);
  const query = sql<MembershipRow>('membership')
    .where({ tenant_id: tenantId, group_id: row.id })
    .whereNull('to_sequence')
    .orderBy('user_id')
    .limit(limit + 1)
    .select('user_id');
  if (after?.[0] !== undefined) void query.where('user_id', '>', after[0]);
  const page = pageOf(scope, await query, limit, (member) => [member.user_id]);
  const [document] = await groupDocuments(sql, tenantId, [row]);
  if (document === undefined) throw new Error('One group made no document.');
  const names = await whoOfUsers(
    sql,
    tenantId,
    page.rows.map((member) => member.user_id),
  );
  return {
    ...document,
    membersPage: page.rows.map(({ user_id: id }) => ({ id, name: (names.get(id) ?? unknownWho(id)).name })),
    membersNext: page.next,
  };
}

async function findGroup(sql: Sql, tenantId: string, group: string): Promise<GroupRow> {
  const groups = sql<GroupRow>('group').where({ tenant_id: tenantId });
  let rows: GroupRow[] = await groups
    .clone()
    .where((either) => void either.where('id', group).orWhere('display_name', group))
    .select();
  const [, directory, name] = /^([a-z][a-z0-9-]*):(.+)$/s.exec(group) ?? [];
  if (rows.length === 0 && directory !== undefined && name !== undefined) {
    const ofDirectory = sql('directory').where({ tenant_id: tenantId, name: directory }).select('id');
    rows = await groups.where('display_name', name).whereIn('directory_id', ofDirectory).select();
  }
  const [first, ...others] = rows;
  if (first === undefined) throw notFound(tenantId, group);
  if (others.length > 0) throw await ambiguous(sql, tenantId, group, rows);
  return first;
}

function notFound(tenant: string, group: string): RollcallError {
  return new RollcallError('RC_GROUP_NOT_FOUND', 1, 'stop', {
    what: `There is no group "${group}".`,
    where: { tenant },
    mend: 'Name a group by its id (grp-…) or display name: see "rollcall groups list".',
  });
}

async function ambiguous(sql: Sql, tenantId: string, group: string, rows: readonly GroupRow[]): Promise<RollcallError> {
  const candidates = await groupDocuments(sql, tenantId, rows);
  return new RollcallError('RC_GROUP_AMBIGUOUS', 1, 'ask', {
    what: `${rows.length} groups are called "${group}".`,
    where: { tenant: tenantId },
    mend: 'Name one of the candidates by its id, or write DIRECTORY:NAME.',
    extra: { candidates: candidates.map(({ id, displayName, directory }) => ({ id, displayName, directory })) },
  });
}
