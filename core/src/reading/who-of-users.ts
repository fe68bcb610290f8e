import type { Who } from '../model/documents.js';
import type { Json } from '../model/json.js';
import { whoOf } from '../population/user-document.js';
import type { Sql } from '../store/table.js';
import { selectFor } from './select-for.js';

interface BroughtUser {
  id: string;
  attributes: string;
  brought_by: string;
  source_id: string | null;
  directory: string | null;
}

/** How people recognise these users. One statement for any number of them. */
export async function whoOfUsers(sql: Sql, tenantId: string, userIds: Iterable<string>): Promise<Map<string, Who>> {
  const rows = await selectFor<BroughtUser>(
    sql,
    [...new Set(userIds)],
    ({ ids, id }) => `SELECT u.id, u.attributes, u.brought_by, r.source_id, d.name AS directory
      FROM ${ids} CROSS JOIN "user" AS u
      LEFT JOIN source_record AS r ON r.tenant_id = u.tenant_id AND r.id = u.brought_by
      LEFT JOIN directory AS d ON d.tenant_id = r.tenant_id AND d.id = r.directory_id
      WHERE u.tenant_id = ? AND u.id = ${id}`,
    [tenantId],
  );
  return new Map(rows.map((row) => [row.id, whoOfRow(row)]));
}

/** Whom nothing is known of: a user of another store, or one that a test left out. */
export function unknownWho(userId: string): Who {
  return { sourceId: '', name: userId };
}

function whoOfRow(row: BroughtUser): Who {
  const broughtBy = { directory: row.directory ?? '', sourceId: row.source_id ?? row.brought_by };
  return whoOf(JSON.parse(row.attributes) as Record<string, Json>, broughtBy);
}
