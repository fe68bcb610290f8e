import { MEMBERSHIP, type MembershipRow } from '../population/tables.js';
import { insertRows, updateRows, type Sql } from '../store/table.js';
import type { MembershipEffect } from './effects.js';
import { membershipEvent, type EventDraft } from './event-drafts.js';
import type { TenantContext } from './tenant-context.js';

/** A membership that opens or closes, with the event whose number it carries. */
export interface MembershipEntry {
  effect: MembershipEffect;
  draft: EventDraft;
}

/** One event a membership: the ones that open first. */
export function drawMembershipEntries(context: TenantContext, effects: readonly MembershipEffect[]): MembershipEntry[] {
  const ordered = [...effects].sort((a, b) => Number(a.closes !== null) - Number(b.closes !== null));
  return ordered.map((effect) => {
    const type = effect.closes === null ? 'membership.added' : 'membership.removed';
    return { effect, draft: membershipEvent(context, effect.group, effect.userId, type) };
  });
}

/** Writes the memberships whose events were numbered from `firstSequence` on, in this order. */
export async function writeMemberships(
  sql: Sql,
  context: TenantContext,
  entries: readonly MembershipEntry[],
  firstSequence: number,
  now: string,
): Promise<void> {
  const opened: MembershipRow[] = [];
  const closed: MembershipRow[] = [];
  entries.forEach(({ effect }, n) => {
    const sequence = firstSequence + n;
    const cause = JSON.stringify(effect.cause);
    if (effect.closes === null) opened.push(openRow(context, effect, { sequence, now, cause }));
    else closed.push({ ...effect.closes, to_sequence: sequence, to_at: now, to_cause: cause });
  });
  await insertRows(sql, MEMBERSHIP, opened);
  await updateRows(sql, MEMBERSHIP, ['to_sequence', 'to_at', 'to_cause'], closed);
}

function openRow(
  context: TenantContext,
  { group, userId }: MembershipEffect,
  from: { sequence: number; now: string; cause: string },
): MembershipRow {
  return {
    tenant_id: context.tenantId,
    group_id: group.id,
    user_id: userId,
    from_sequence: from.sequence,
    from_at: from.now,
    from_cause: from.cause,
    to_sequence: null,
    to_at: null,
    to_cause: null,
  };
}
