import type { LinkChangeRow, LinkRow } from '../correlation/tables.js';
import type { Sql } from '../store/table.js';

/** That a record belongs to a user, and why. */
export interface LinkAsOf {
  recordId: string;
  how: string;
  rule: string | null;
  at: string;
}

/** The records of a user at an instant; null: now. */
export async function linksAsOf(sql: Sql, tenantId: string, userId: string, at: string | null): Promise<LinkAsOf[]> {
  return at === null ? linksNow(sql, tenantId, userId) : linksThen(sql, tenantId, userId, at);
}

async function linksNow(sql: Sql, tenantId: string, userId: string): Promise<LinkAsOf[]> {
  const rows = await sql<LinkRow>('link').where({ tenant_id: tenantId, user_id: userId }).orderBy('record_id').select();
  return rows.map((row) => ({ recordId: row.record_id, how: row.how, rule: row.rule, at: row.linked_at }));
}

/** The last change of a link up to then says whose the record was. */
async function linksThen(sql: Sql, tenantId: string, userId: string, at: string): Promise<LinkAsOf[]> {
  const everLinked = sql('link_change').where({ tenant_id: tenantId, to_user_id: userId }).select('record_id');
  const changes = await sql<LinkChangeRow>('link_change')
    .where({ tenant_id: tenantId })
    .where('at', '<=', at)
    .whereIn('record_id', everLinked)
    .orderBy(['record_id', 'at', 'id'])
    .select();
  const last = new Map(changes.map((change) => [change.record_id, change]));
  return [...last.values()]
    .filter((change) => change.to_user_id === userId)
    .map((change) => ({ recordId: change.record_id, how: change.how, rule: change.rule, at: change.at }));
}
