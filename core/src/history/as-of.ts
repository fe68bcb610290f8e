import type { UserState } from '../population/tables.js';
import type { Sql } from '../store/table.js';
import { foldChanges, type FoldedUser } from './as-of-fold.js';
import type { ChangeRow } from './tables.js';

/**
 * A user as it was at an instant: the changes up to then, folded.
 *
 * @param at - in the form of the store.
 * @returns null when there was no such user yet.
 */
export async function userAsOf(sql: Sql, tenantId: string, userId: string, at: string): Promise<UserState | null> {
  const row = await sql('user')
    .where({ tenant_id: tenantId, id: userId })
    .first<{ brought_by: string } | undefined>('brought_by');
  if (row === undefined) return null;
  const folded = foldChanges(await changesUntil(sql, tenantId, userId, at));
  return folded === null ? null : stateOf({ id: userId, broughtBy: row.brought_by }, folded);
}

/** The changes of a user up to an instant, oldest first; null: all. */
export async function changesUntil(
  sql: Sql,
  tenantId: string,
  userId: string,
  at: string | null,
): Promise<ChangeRow[]> {
  const query = sql<ChangeRow>('change')
    .where({ tenant_id: tenantId, subject_kind: 'user', subject_id: userId })
    .orderBy('version')
    .select();
  if (at !== null) void query.where('at', '<=', at);
  return query;
}

/** What a fold says, in the shape of the population. */
export function stateOf(user: { id: string; broughtBy: string }, folded: FoldedUser): UserState {
  return { ...folded.state, id: user.id, broughtBy: user.broughtBy };
}
