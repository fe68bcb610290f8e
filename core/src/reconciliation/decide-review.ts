import { RollcallError } from '@rollcall/connector-kit';
import type { Decided, Decision } from '../api.js';
import { DECISION, LINK_CHANGE, type DecisionRow, type LinkRow } from '../correlation/tables.js';
import type { ReviewDocument, RunDocument } from '../model/documents.js';
import { storedInstant } from '../model/instants.js';
import { reviewDocument } from '../population/review-document.js';
import { GUARD_HOLD, REVIEW, type GuardHoldRow, type ReviewRow } from '../population/tables.js';
import { advanceTenantClock } from './tenant-clock.js';
import { lockTenant } from '../tenancy/lock-tenant.js';
import { appendAudit } from '../security/audit-log.js';
import { insertRows, updateRows, type Sql } from '../store/table.js';
import { appendDrafts } from './append-drafts.js';
import type { Job } from './engine.js';
import { reviewEvent } from './event-drafts.js';
import { markTouched, personPass, type Touched } from './person-pass.js';
import { askRedo } from './redo.js';
import { workOffRedos } from './sync.js';
import type { TenantContext } from './tenant-context.js';

/** A person's answer to a review. */
export interface ReviewAnswer {
  id: string;
  decision: Decision;
  reason: string;
  by: string;
}

/** Takes a person's decision on an open review; it takes effect before this returns. */
export async function decideReview(
  job: Job,
  context: TenantContext,
  answer: ReviewAnswer,
): Promise<Decided<ReviewDocument>> {
  const now = storedInstant(job.engine.clock.now());
  const { row, touched } = await job.engine.store.write(job.lane, async (sql) => {
    await lockTenant(sql, context.tenantId);
    await advanceTenantClock(sql, context.tenantId, now, job.engine.givenClock);
    const review = await openReview(sql, context, answer.id);
    const decided: ReviewRow = {
      ...review,
      status: answer.decision === 'approve' ? 'approved' : 'rejected',
      decided_by: answer.by,
      decided_at: now,
      reason: answer.reason,
    };
    await updateRows(sql, REVIEW, ['status', 'decided_by', 'decided_at', 'reason'], [decided]);
    const effect = await takeEffect(sql, context, review, answer, now);
    await markTouched(sql, context.tenantId, effect, { now, by: review.id });
    await appendAudit(sql, context.tenantId, {
      at: now,
      who: answer.by,
      action: `review.${answer.decision}`,
      detail: { review: review.id, kind: review.kind },
    });
    await appendDrafts(sql, context, [reviewEvent(context, decided, 'review.decided')], now);
    return { row: decided, touched: effect };
  });
  return { item: reviewDocument(row, directoryName(context, row)), runs: await draw(job, context, row, touched) };
}

async function draw(job: Job, context: TenantContext, row: ReviewRow, touched: Touched): Promise<RunDocument[]> {
  const redone = row.doubt === 'columnVanished' ? await workOffRedos(job, context) : [];
  const runs = redone.map((run) => run.document);
  if (touched.records.length + touched.users.length > 0)
    runs.push(await personPass(job, context, touched, { review: row.id }));
  return runs;
}

const NOBODY: Touched = { records: [], users: [] };

async function takeEffect(
  sql: Sql,
  context: TenantContext,
  review: ReviewRow,
  answer: ReviewAnswer,
  now: string,
): Promise<Touched> {
  switch (review.kind) {
    case 'guard':
      return answer.decision === 'approve' ? endGuard(sql, context, review, now) : NOBODY;
    case 'doubt':
      return forgetHeader(sql, context, review, answer, now);
    case 'identityReused':
      return decideReuse(sql, context, review, answer, now);
    case 'correlation':
    case 'keyChanged':
      return decideCorrelation(sql, context, review, answer, now);
    default:
      return NOBODY;
  }
}

/** Approving a guard's review ends its holds; a rejected one's stay as standing pins. */
async function endGuard(sql: Sql, context: TenantContext, review: ReviewRow, now: string): Promise<Touched> {
  const holds = (await sql('guard_hold')
    .where({ tenant_id: context.tenantId, review_id: review.id })
    .whereNull('ended_at')) as GuardHoldRow[];
  await updateRows(
    sql,
    GUARD_HOLD,
    ['ended_at'],
    holds.map((hold) => ({ ...hold, ended_at: now })),
  );
  const isRecord = (hold: GuardHoldRow): boolean => hold.attribute === '' || hold.attribute === 'creation';
  return {
    records: holds.filter(isRecord).map((hold) => hold.subject),
    users: [...new Set(holds.filter((hold) => !isRecord(hold)).map((hold) => hold.subject))],
  };
}

/** Approved: the same person, what the record claims holds. Rejected: a new person; the record leaves who had the id. */
async function decideReuse(
  sql: Sql,
  context: TenantContext,
  review: ReviewRow,
  answer: ReviewAnswer,
  now: string,
): Promise<Touched> {
  const recordId = review.subject;
  await sql('guard_hold')
    .where({ tenant_id: context.tenantId, review_id: review.id })
    .whereNull('ended_at')
    .update({ ended_at: now });
  if (answer.decision === 'approve') return { records: [recordId], users: [] };
  const link = (await sql('link').where({ tenant_id: context.tenantId, record_id: recordId }).first()) as
    LinkRow | undefined;
  if (link === undefined) return { records: [recordId], users: [] };
  const others = ((await sql('link').where({ tenant_id: context.tenantId, user_id: link.user_id })) as LinkRow[])
    .map((row) => row.record_id)
    .filter((id) => id !== recordId);
  await insertRows(
    sql,
    DECISION,
    decisionRows(
      context,
      answer,
      'apart',
      others.map((id) => [recordId, id]),
      now,
    ),
  );
  await sql('claims').where({ tenant_id: context.tenantId, record_id: recordId }).delete();
  await sql('match_key').where({ tenant_id: context.tenantId, record_id: recordId }).delete();
  await sql('link').where({ tenant_id: context.tenantId, record_id: recordId }).delete();
  await insertRows(sql, LINK_CHANGE, [
    {
      tenant_id: context.tenantId,
      id: context.ids.next('lnk'),
      record_id: recordId,
      from_user_id: link.user_id,
      to_user_id: null,
      how: 'person',
      rule: null,
      run_id: review.run_id ?? '',
      at: now,
    },
  ]);
  return { records: [recordId], users: [link.user_id] };
}

function decisionRows(
  context: TenantContext,
  answer: Pick<ReviewAnswer, 'by' | 'reason'>,
  kind: 'together' | 'apart',
  pairs: readonly (readonly [string, string])[],
  now: string,
): DecisionRow[] {
  return pairs.map(([a, b]) => ({
    tenant_id: context.tenantId,
    id: context.ids.next('dcn'),
    kind,
    record_a: a,
    record_b: b,
    decided_by: answer.by,
    reason: answer.reason,
    at: now,
  }));
}

/** An approved vanished column is one that the source does not have any more: attributes are made anew without it. */
async function forgetHeader(
  sql: Sql,
  context: TenantContext,
  review: ReviewRow,
  answer: ReviewAnswer,
  now: string,
): Promise<Touched> {
  if (review.doubt !== 'columnVanished' || answer.decision !== 'approve' || review.directory_id === null) return NOBODY;
  await sql('accepted')
    .where({ tenant_id: context.tenantId, directory_id: review.directory_id })
    .update({ vanished: '[]' });
  await askRedo(
    sql,
    { tenantId: context.tenantId, id: context.ids.next('rdo') },
    { directoryId: review.directory_id, trigger: 'manual', detail: { review: review.id } },
    now,
  );
  return NOBODY;
}

async function decideCorrelation(
  sql: Sql,
  context: TenantContext,
  review: ReviewRow,
  answer: ReviewAnswer,
  now: string,
): Promise<Touched> {
  const { sides } = JSON.parse(review.detail) as { sides?: string[][] };
  if (answer.decision === 'approve')
    await insertRows(sql, DECISION, decisionRows(context, answer, 'together', neighbours(firstsOf(sides ?? [])), now));
  else await decideApart(sql, context, sides ?? [], answer, now);
  return { records: (sides ?? []).flat(), users: [] };
}

/** A person's word that the sides are different people; it counts more than any earlier one. */
export async function decideApart(
  sql: Sql,
  context: TenantContext,
  sides: readonly (readonly string[])[],
  word: Pick<ReviewAnswer, 'by' | 'reason'>,
  now: string,
): Promise<void> {
  await insertRows(sql, DECISION, decisionRows(context, word, 'apart', everyPair(firstsOf(sides)), now));
}

function firstsOf(sides: readonly (readonly string[])[]): string[] {
  return sides.flatMap((side) => (side[0] === undefined ? [] : [side[0]]));
}

function neighbours(items: readonly string[]): [string, string][] {
  const first = items[0];
  return first === undefined ? [] : items.slice(1).map((item) => [first, item]);
}

function everyPair(items: readonly string[]): [string, string][] {
  return items.flatMap((a, n) => items.slice(n + 1).map((b): [string, string] => [a, b]));
}

/** @throws RC_REVIEW_NOT_FOUND */
export async function findReview(sql: Sql, context: TenantContext, id: string): Promise<ReviewRow> {
  const row = (await sql('review').where({ tenant_id: context.tenantId, id }).first()) as ReviewRow | undefined;
  if (row === undefined)
    throw new RollcallError('RC_REVIEW_NOT_FOUND', 1, 'stop', {
      what: `There is no review ${id}.`,
      where: { tenant: context.tenantId },
      mend: 'See the open ones with: rollcall review list',
    });
  return row;
}

async function openReview(sql: Sql, context: TenantContext, id: string): Promise<ReviewRow> {
  const row = await findReview(sql, context, id);
  if (row.status !== 'open')
    throw new RollcallError('RC_REVIEW_DECIDED', 1, 'stop', {
      what: `The review ${id} is ${row.status} already.`,
      where: { tenant: context.tenantId },
      mend: 'See the open ones with: rollcall review list',
    });
  return row;
}

/** The name of the review's directory; null where it has none. */
export function directoryName(context: TenantContext, row: ReviewRow): string | null {
  return row.directory_id === null ? null : (context.byId.get(row.directory_id)?.name ?? null);
}
