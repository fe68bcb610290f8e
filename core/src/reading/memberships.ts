import type { Listing, MembershipDocument } from '../model/documents.js';
import { shownInstant } from '../model/instants.js';
import { rawRows, type Sql } from '../store/table.js';
import { directoriesById, nameOf } from './directory-names.js';
import { limitOf, pageOf, readCursor, type ListScope, type PageRequest } from './page.js';
import { parseInstant } from './parse-instant.js';
import { unknownWho, whoOfUsers } from './who-of-users.js';

/** Which memberships: of a user or of a group by id, and as of a moment; those open now when left out. */
export interface MembershipsRequest extends PageRequest {
  user?: string;
  group?: string;
  /** ISO 8601 instant. */
  at?: string;
}

interface Row {
  group_id: string;
  user_id: string;
  from_sequence: number;
  from_at: string;
  display_name: string;
  directory_id: string;
}

/** Who is in which group, in the order of group and user: two statements beside the page itself. */
export async function listMemberships(
  sql: Sql,
  tenantId: string,
  request: MembershipsRequest = {},
): Promise<Listing<MembershipDocument>> {
  const at = request.at === undefined ? null : parseInstant(request.at);
  const scope: ListScope = {
    tenantId,
    list: 'memberships',
    filters: [request.user ?? null, request.group ?? null, at],
  };
  const limit = limitOf(request.limit);
  const found = await membershipRows(sql, tenantId, request, { at, after: readCursor(scope, request.after), limit });
  const { rows, next } = pageOf(scope, found, limit, (row) => [row.group_id, row.user_id]);
  const directories = await directoriesById(sql, tenantId);
  const users = await whoOfUsers(
    sql,
    tenantId,
    rows.map((row) => row.user_id),
  );
  const items = rows.map((row) => ({
    group: { id: row.group_id, displayName: row.display_name, directory: nameOf(directories, row.directory_id) },
    user: row.user_id,
    who: users.get(row.user_id) ?? unknownWho(row.user_id),
    since: shownInstant(row.from_at),
    sequence: row.from_sequence,
  }));
  return { items, next };
}

function membershipRows(
  sql: Sql,
  tenantId: string,
  { user, group }: MembershipsRequest,
  { at, after, limit }: { at: string | null; after: ReturnType<typeof readCursor>; limit: number },
): Promise<Row[]> {
  const conditions: [string, readonly unknown[]][] = [
    ['m.tenant_id = ?', [tenantId]],
    at === null ? ['m.to_sequence IS NULL', []] : ['m.from_at <= ? AND (m.to_at IS NULL OR m.to_at > ?)', [at, at]],
  ];
  if (user !== undefined) conditions.push(['m.user_id = ?', [user]]);
  if (group !== undefined) conditions.push(['m.group_id = ?', [group]]);
  if (after !== null) conditions.push(['(m.group_id, m.user_id) > (?, ?)', after]);
  return rawRows<Row>(
    sql,
    `SELECT m.group_id, m.user_id, m.from_sequence, m.from_at, g.display_name, g.directory_id
      FROM membership AS m JOIN "group" AS g ON g.tenant_id = m.tenant_id AND g.id = m.group_id
      WHERE ${conditions.map(([text]) => text).join(' AND ')} ORDER BY m.group_id, m.user_id LIMIT ?`,
    [...conditions.flatMap(([, bindings]) => bindings), limit + 1],
  );
}
