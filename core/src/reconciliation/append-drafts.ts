import { appendEvents, takeSequences } from '../events/append-events.js';
import type { Sql } from '../store/table.js';
import type { EventDraft } from './event-drafts.js';
import type { TenantContext } from './tenant-context.js';

/** First and last number of a row of events. */
export interface EventRange {
  first: number;
  last: number;
}

/** Numbers the drafts and appends them; null for none. The last thing that a transaction does. */
export async function appendDrafts(
  sql: Sql,
  context: Pick<TenantContext, 'tenantId' | 'ids'>,
  drafts: readonly EventDraft[],
  now: string,
): Promise<EventRange | null> {
  if (drafts.length === 0) return null;
  const first = await takeSequences(sql, context.tenantId, drafts.length);
  await appendEvents(
    sql,
    drafts.map((draft, n) => ({
      tenant_id: context.tenantId,
      sequence: first + n,
      id: context.ids.next('evt'),
      type: draft.type,
      occurred_at: now,
      subject_kind: draft.subject.kind,
      subject_id: draft.subject.id,
      change_id: draft.changeId,
      changed: JSON.stringify(draft.changed),
      data: JSON.stringify(draft.data),
    })),
  );
  return { first, last: first + drafts.length - 1 };
}

/** The range that spans both. */
export function joinRanges(a: EventRange | null, b: EventRange | null): EventRange | null {
  if (a === null || b === null) return a ?? b;
  return { first: Math.min(a.first, b.first), last: Math.max(a.last, b.last) };
}
