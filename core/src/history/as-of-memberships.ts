import type { Sql } from '../store/table.js';
import type { Cause } from './tables.js';

/** A membership of one user with its group. */
export interface MembershipAsOf {
  id: string;
  display_name: string;
  directory_id: string;
  from_at: string;
  cause: Cause;
}

/** The memberships of a user at an instant in the form of the store. */
export async function membershipsAsOf(
  sql: Sql,
  tenantId: string,
  userId: string,
  at: string,
): Promise<MembershipAsOf[]> {
  const rows = await sql('membership as m')
    .join('group as g', (on) => on.on('g.tenant_id', 'm.tenant_id').andOn('g.id', 'm.group_id'))
    .where({ 'm.tenant_id': tenantId, 'm.user_id': userId })
    .where('m.from_at', '<=', at)
    .where((open) => void open.whereNull('m.to_at').orWhere('m.to_at', '>', at))
    .orderBy(['g.display_name', 'g.id'])
    .select<(Omit<MembershipAsOf, 'cause'> & { from_cause: string })[]>(
      'g.id',
      'g.display_name',
      'g.directory_id',
      'm.from_at',
      'm.from_cause',
    );
  return rows.map(({ from_cause, ...row }) => ({ ...row, cause: JSON.parse(from_cause) as Cause }));
}
