import type { HeldDocument } from '../model/documents.js';
import { GUARD_HOLD, REVIEW, type GuardHoldRow, type ReviewRow } from '../population/tables.js';
import { sha256 } from '../sources/fingerprint.js';
import { selectRows, updateRows, upsertRows, type Sql } from '../store/table.js';
import { appendDrafts, type EventRange } from './append-drafts.js';
import { reviewEvent } from './event-drafts.js';
import type { Trip } from './guard-trips.js';
import { closeReviews, findOpenReviews, openReviews, type ReviewDraft } from './reviews.js';
import type { TenantContext } from './tenant-context.js';

/** What a hold is written for. */
export interface HoldPass {
  runId: string;
  now: string;
  /** Null: a run of the tenant. */
  directoryId: string | null;
}

/** Opens one review a guard (or adds to the one that is open) and pins what tripped it. */
export async function writeHolds(
  sql: Sql,
  context: TenantContext,
  trips: readonly Trip[],
  pass: HoldPass,
): Promise<{ held: HeldDocument[]; events: EventRange | null }> {
  const drafts = trips.map((trip) => draftOf(trip, pass));
  const opened = await openReviews(sql, context, drafts, pass);
  const open = await findOpenReviews(sql, context, drafts);
  const held: HeldDocument[] = [];
  for (const [n, trip] of trips.entries()) {
    const review = open.find((row) => row.subject === drafts[n]?.subject);
    if (review === undefined) continue;
    await upsertRows(
      sql,
      GUARD_HOLD,
      trip.count.items.map((item) => holdRow(context, review, item, pass)),
    );
    const draft = drafts[n];
    if (draft !== undefined && !opened.includes(review)) await refresh(sql, review, draft);
    held.push({ reviewId: review.id, guard: trip.guard, count: trip.total, limit: trip.limit });
  }
  const events = await appendDrafts(
    sql,
    context,
    opened.map((row) => reviewEvent(context, row, 'review.opened')),
    pass.now,
  );
  return { held, events };
}

function draftOf(trip: Trip, pass: HoldPass): ReviewDraft {
  return {
    kind: 'guard',
    guard: trip.guard,
    subject: `${pass.directoryId ?? 'tenant'}/${trip.guard}/${trip.part}`,
    directoryId: pass.directoryId,
    counts: { users: trip.total, limit: trip.limit },
    sample: trip.count.items.slice(0, 20).map((item) => item.sample),
    detail: {
      part: trip.part,
      // What is approved is this very set; another one has another hash.
      plan: sha256(
        JSON.stringify(trip.count.items.map((item) => [item.subject, item.attribute, item.candidate]).sort()),
      ),
    },
  };
}

function holdRow(
  context: TenantContext,
  review: ReviewRow,
  item: Trip['count']['items'][number],
  pass: HoldPass,
): GuardHoldRow {
  return {
    tenant_id: context.tenantId,
    review_id: review.id,
    subject: item.subject,
    attribute: item.attribute,
    directory_id: pass.directoryId ?? '',
    pinned: JSON.stringify(item.pinned),
    candidate: JSON.stringify(item.candidate),
    ended_at: null,
  };
}

async function refresh(sql: Sql, review: ReviewRow, draft: ReviewDraft): Promise<void> {
  const counts = JSON.stringify(draft.counts);
  const detail = JSON.stringify(draft.detail);
  const hash = sha256(`${draft.kind}\n${draft.subject}\n${counts}\n${detail}`);
  if (hash === review.plan_hash) return;
  await updateRows(
    sql,
    REVIEW,
    ['counts', 'sample', 'detail', 'plan_hash'],
    [{ ...review, counts, detail, sample: JSON.stringify(draft.sample), plan_hash: hash }],
  );
}

/** Ends holds; a review of a guard that holds nothing any more closes by itself. */
export async function endHolds(sql: Sql, rows: readonly GuardHoldRow[], now: string): Promise<ReviewRow[]> {
  if (rows.length === 0) return [];
  await updateRows(
    sql,
    GUARD_HOLD,
    ['ended_at'],
    rows.map((row) => ({ ...row, ended_at: now })),
  );
  const tenantId = rows[0]?.tenant_id ?? '';
  const ids = [...new Set(rows.map((row) => row.review_id))].map((id) => [id] as const);
  const still = new Set(
    (await selectRows(sql, GUARD_HOLD, { tenant_id: tenantId }, ['review_id'], ids))
      .filter((row) => row.ended_at === null)
      .map((row) => row.review_id),
  );
  const reviews = await selectRows(sql, REVIEW, { tenant_id: tenantId, status: 'open' }, ['id'], ids);
  return closeReviews(
    sql,
    reviews.filter((row) => !still.has(row.id)),
    now,
  );
}
