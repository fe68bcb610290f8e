import { RollcallError } from '@rollcall/connector-kit';
import type { Decided } from '../api.js';
import { LINK, LINK_CHANGE, type LinkChangeRow, type LinkRow } from '../correlation/tables.js';
import type { ReviewDocument } from '../model/documents.js';
import { groupBy } from '../model/group-by.js';
import { storedInstant } from '../model/instants.js';
import { detailUndone, reviewDocument } from '../population/review-document.js';
import { REVIEW, type ReviewRow } from '../population/tables.js';
import { appendAudit } from '../security/audit-log.js';
import { insertRows, selectRows, updateRows, type Sql } from '../store/table.js';
import { lockTenant } from '../tenancy/lock-tenant.js';
import { appendDrafts } from './append-drafts.js';
import { decideApart, directoryName, findReview } from './decide-review.js';
import type { Job } from './engine.js';
import { reviewEvent } from './event-drafts.js';
import { idsOf, linkHistory, linksBy } from './link-history.js';
import { markTouched, personPass, type Touched } from './person-pass.js';
import { advanceTenantClock } from './tenant-clock.js';
import type { TenantContext } from './tenant-context.js';
import { followersOf } from './undo-joined.js';

/** A person's word that an approved merge was wrong. */
export interface ReviewUndo {
  id: string;
  reason: string;
  by: string;
}

/**
 * Takes an approved merge back before it returns: records go back to the users that had them, who return under their old
 * ids, and a decision keeps the two apart from now on. To undo what is undone changes nothing.
 *
 * @throws RC_REVIEW_NOT_REVERSIBLE (1) where it joined nobody, or a later merge stands on it.
 */
export async function undoReview(job: Job, context: TenantContext, undo: ReviewUndo): Promise<Decided<ReviewDocument>> {
  const now = storedInstant(job.engine.clock.now());
  const { row, touched } = await job.engine.store.write(job.lane, async (sql) => {
    await lockTenant(sql, context.tenantId);
    await advanceTenantClock(sql, context.tenantId, now, job.engine.givenClock);
    const review = await findReview(sql, context, undo.id);
    if (review.status === 'undone') return { row: review, touched: null };
    refuseIrreversible(context, review);
    const effect = await split(sql, context, review, undo, now);
    const undone: ReviewRow = {
      ...review,
      status: 'undone',
      detail: detailUndone(review, { by: undo.by, at: now, reason: undo.reason }),
    };
    await updateRows(sql, REVIEW, ['status', 'detail'], [undone]);
    await markTouched(sql, context.tenantId, effect, { now, by: review.id });
    await appendAudit(sql, context.tenantId, {
      at: now,
      who: undo.by,
      action: 'review.undo',
      detail: { review: review.id, kind: review.kind, approvedBy: review.decided_by, approvedAt: review.decided_at },
    });
    await appendDrafts(sql, context, [reviewEvent(context, undone, 'review.decided')], now);
    return { row: undone, touched: effect };
  });
  return {
    item: reviewDocument(row, directoryName(context, row)),
    runs: touched === null ? [] : [await personPass(job, context, touched, { review: row.id })],
  };
}

function refuseIrreversible(context: TenantContext, review: ReviewRow): void {
  if (review.status === 'open')
    throw irreversible(
      context,
      review,
      'is open: it joined nobody yet',
      `Turn it down: rollcall review reject ${review.id}`,
    );
  if (review.status !== 'approved')
    throw irreversible(
      context,
      review,
      `is ${review.status}: it joined nobody`,
      'See what was approved with: rollcall review list --all',
    );
  if (review.kind !== 'correlation')
    throw irreversible(
      context,
      review,
      `is of kind ${review.kind}: only merges (kind correlation) can be taken back`,
      'Set the value by hand with: rollcall override set',
    );
}

function irreversible(context: TenantContext, { id }: ReviewRow, what: string, mend: string): RollcallError {
  return new RollcallError('RC_REVIEW_NOT_REVERSIBLE', 1, 'stop', {
    what: `The review ${id} ${what}.`,
    where: { tenant: context.tenantId },
    mend,
  });
}

async function split(
  sql: Sql,
  context: TenantContext,
  review: ReviewRow,
  undo: ReviewUndo,
  now: string,
): Promise<Touched> {
  const { sides = [] } = JSON.parse(review.detail) as { sides?: string[][] };
  const recordIds = sides.flat();
  const moves = await movesSince(sql, context, review, recordIds);
  const moved = await returnRecords(sql, context, moves, { review, now });
  await decideApart(sql, context, sides, undo, now);
  const users = new Set(moves.flatMap((move) => [move.from_user_id, move.to_user_id].filter((id) => id !== null)));
  return { records: [...new Set([...recordIds, ...moved])], users: [...users] };
}

/** How the approval moved the records of the review from user to user; refused where a later merge moved them on. */
async function movesSince(
  sql: Sql,
  context: TenantContext,
  review: ReviewRow,
  recordIds: readonly string[],
): Promise<LinkChangeRow[]> {
  const history = await linkHistory(sql, context, recordIds);
  const since = history.filter(
    (row) => row.from_user_id !== null && row.to_user_id !== null && row.at >= (review.decided_at ?? ''),
  );
  const standing = [...groupBy(since, (row) => row.record_id).values()].map(withoutReturns);
  if (standing.some((moves) => moves.length > 1)) throw movedOn(context, review);
  const moves = standing.flat();
  const survivors = new Set(moves.map((row) => row.to_user_id));
  const links = await linksBy(sql, context, 'record_id', idsOf(moves));
  if (survivors.size > 1 || links.some((link) => !survivors.has(link.user_id))) throw movedOn(context, review);
  return moves;
}

/** A move and the one that took it back are none. */
function withoutReturns(moves: readonly LinkChangeRow[]): LinkChangeRow[] {
  const standing: LinkChangeRow[] = [];
  for (const move of moves) {
    const last = standing.at(-1);
    if (last?.from_user_id === move.to_user_id && last.to_user_id === move.from_user_id) standing.pop();
    else standing.push(move);
  }
  return standing;
}

function movedOn(context: TenantContext, review: ReviewRow): RollcallError {
  return irreversible(
    context,
    review,
    'is not the last word: its people were merged or moved again since',
    'Undo the later review first; see them with: rollcall review list --all',
  );
}

/** Gives the users that were merged all records back that the merge took from them, bound as they were before it, with all that followed them. */
async function returnRecords(
  sql: Sql,
  context: TenantContext,
  moves: readonly LinkChangeRow[],
  by: { review: ReviewRow; now: string },
): Promise<string[]> {
  const taken = await takenBy(sql, context, moves);
  const history = await linkHistory(sql, context, idsOf(taken));
  const bond = { tenant_id: context.tenantId, linked_at: by.now };
  const returned = taken.map((row): LinkRow & { survivor: string | null } => {
    const before = history.findLast((past) => past.record_id === row.record_id && past.to_user_id === row.from_user_id);
    const { how = 'created', rule = null } = before ?? {};
    return { ...bond, record_id: row.record_id, user_id: row.from_user_id ?? '', how, rule, survivor: row.to_user_id };
  });
  const followers = (await followersOf(sql, context, taken)).map(({ to, ...row }) => ({
    ...{ ...bond, ...row, user_id: to, how: 'sure' },
  }));
  const rows = [...returned, ...followers];
  await updateRows(sql, LINK, ['user_id', 'how', 'rule', 'linked_at'], rows);
  await insertRows(
    sql,
    LINK_CHANGE,
    rows.map((row) => ({
      tenant_id: context.tenantId,
      id: context.ids.next('lnk'),
      record_id: row.record_id,
      from_user_id: row.survivor,
      to_user_id: row.user_id,
      how: row.how,
      rule: row.rule,
      run_id: by.review.run_id ?? '',
      at: by.now,
    })),
  );
  return idsOf(rows);
}

/** All that went the way of these moves in their runs, and is still there: more than the records of the review may have. */
async function takenBy(sql: Sql, context: TenantContext, moves: readonly LinkChangeRow[]): Promise<LinkChangeRow[]> {
  const merges = new Set(moves.map(wayOf));
  const survivors = new Set(moves.map((move) => move.to_user_id ?? ''));
  const arrivals = await selectRows(
    sql,
    LINK_CHANGE,
    { tenant_id: context.tenantId },
    ['to_user_id'],
    [...survivors].map((id) => [id]),
  );
  const taken = arrivals.filter((row) => merges.has(wayOf(row)));
  const owners = new Map(
    (await linksBy(sql, context, 'record_id', idsOf(taken))).map((row) => [row.record_id, row.user_id]),
  );
  return taken.filter((row) => owners.get(row.record_id) === row.to_user_id);
}

function wayOf({ run_id: run, from_user_id: from, to_user_id: to }: LinkChangeRow): string {
  return JSON.stringify([run, from, to]);
}
