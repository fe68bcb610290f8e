import type { PushedMember, PushedMemberPageRequest, RecordKind } from '@rollcall/connector-kit';
import { cell, isSqlite, jsonRows, rawRows, type Sql } from '../store/table.js';
import type { PushPlace } from './pushed-reading.js';

/** An edge by the ids of both ends. */
export interface MemberEdge {
  group_id: string;
  member_id: string;
}

const LIVE = `e.gone_begin IS NULL AND e.scope = 'push'`;
const MEMBER = `m.tenant_id = e.tenant_id AND m.directory_id = e.directory_id AND m.kind = e.member_kind
  AND m.source_id = e.member_source_id AND m.gone_at IS NULL`;

/** The same order on both databases: that of the bytes. */
function memberOrder(sql: Sql): string {
  return isSqlite(sql) ? 'e.member_source_id' : 'e.member_source_id COLLATE "C"';
}

/** The edges of a group in the order of the member ids; who is not visible has no kind. */
export function pageOfMembers(
  sql: Sql,
  { tenantId, directoryId }: PushPlace,
  groupId: string,
  { after = '', limit }: PushedMemberPageRequest,
): Promise<PushedMember[]> {
  const order = memberOrder(sql);
  return rawRows<{ id: string; kind: RecordKind | null }>(
    sql,
    `SELECT e.member_source_id AS id, m.kind AS kind FROM edge AS e LEFT JOIN pushed_resource AS m ON ${MEMBER}
     WHERE e.tenant_id = ? AND e.directory_id = ? AND e.group_source_id = ? AND ${LIVE} AND ${order} > ?
     ORDER BY ${order} LIMIT ?`,
    [tenantId, directoryId, groupId, after, limit],
  );
}

/** The groups that have a visible member of this id. */
export async function findByMember(sql: Sql, place: PushPlace, memberId: string): Promise<string[]> {
  const edges = await selectGroupsOf(sql, place, [memberId], 'JOIN');
  return edges.map((edge) => edge.group_id);
}

/** The edges to these members. */
export function selectGroupsOf(
  sql: Sql,
  { tenantId, directoryId }: PushPlace,
  memberIds: readonly string[],
  visible: 'JOIN' | 'LEFT JOIN' = 'LEFT JOIN',
): Promise<MemberEdge[]> {
  return rawRows(
    sql,
    `SELECT e.group_source_id AS group_id, e.member_source_id AS member_id FROM ${jsonRows(sql)} CROSS JOIN edge AS e
     ${visible} pushed_resource AS m ON ${MEMBER}
     WHERE e.tenant_id = ? AND e.directory_id = ? AND e.member_kind IN ('user', 'group')
       AND e.member_source_id = ${cell(sql, 0)} AND ${LIVE}`,
    [JSON.stringify(memberIds.map((id) => [id])), tenantId, directoryId],
  );
}

/** Which of these members, visible ones, these groups have. */
export function selectMembersAmong(
  sql: Sql,
  { tenantId, directoryId }: PushPlace,
  groupIds: readonly string[],
  memberIds: readonly string[],
): Promise<MemberEdge[]> {
  const list = (ids: readonly string[]): string => JSON.stringify(ids.map((id) => [id]));
  return rawRows(
    sql,
    `SELECT e.group_source_id AS group_id, e.member_source_id AS member_id FROM ${jsonRows(sql)} CROSS JOIN edge AS e
     JOIN pushed_resource AS m ON ${MEMBER}
     WHERE e.tenant_id = ? AND e.directory_id = ? AND e.group_source_id = ${cell(sql, 0)} AND ${LIVE}
       AND e.member_source_id IN (SELECT ${cell(sql, 0)} FROM ${jsonRows(sql)})`,
    [list(groupIds), tenantId, directoryId, list(memberIds)],
  );
}
