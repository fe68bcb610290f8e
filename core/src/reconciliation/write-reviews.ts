import type { PartitionReview } from '../correlation/partition-types.js';
import { GUARD_HOLD, type ReviewRow } from '../population/tables.js';
import { upsertRows, type Sql } from '../store/table.js';
import { DECIDING } from './draw.js';
import type { Effects } from './effects.js';
import { whoOfEffect } from './event-drafts.js';
import { closeReviews, findOpenReviews, openReviews, type ReviewDraft } from './reviews.js';
import type { TenantContext } from './tenant-context.js';

/** Opens the reviews that a batch asks for and closes those whose matter is over. */
export async function writeReviews(
  sql: Sql,
  context: TenantContext,
  effects: Effects,
  pass: { runId: string; now: string },
): Promise<{ opened: ReviewRow[]; closed: ReviewRow[] }> {
  const drafts = [
    ...unknownStatusDrafts(effects),
    ...reuseDrafts(effects),
    ...effects.partition.reviews.map((review) => correlationDraft(effects, review)),
  ];
  const opened = await openReviews(sql, context, drafts, pass);
  await holdReused(sql, context, effects, opened);
  const over = await findOver(sql, context, effects, drafts);
  return { opened, closed: await closeReviews(sql, over, pass.now) };
}

function unknownStatusDrafts(effects: Effects): ReviewDraft[] {
  const users = new Map(effects.users.map((user) => [user.after.id, user]));
  return effects.unknownStatus.map(({ record, userId, attributes }) => {
    const user = userId === null ? undefined : users.get(userId);
    return {
      kind: 'unknownStatus' as const,
      subject: record.row.id,
      directoryId: record.row.directory_id,
      counts: { users: 1 },
      sample: user === undefined ? [] : [{ user: user.after.id, who: whoOfEffect(user) }],
      detail: { sourceId: record.row.source_id, attributes, recordIds: [record.row.id] },
    };
  });
}

function reuseDrafts(effects: Effects): ReviewDraft[] {
  const owners = new Map(effects.users.flatMap((user) => user.records.map((record) => [record.row.id, user] as const)));
  return [...effects.set.records.values()]
    .filter((record) => record.reused.length > 0)
    .map((record) => {
      const user = owners.get(record.row.id);
      return {
        kind: 'identityReused' as const,
        subject: record.row.id,
        directoryId: record.row.directory_id,
        counts: { users: 1 },
        sample: user === undefined ? [] : [{ user: user.after.id, who: whoOfEffect(user) }],
        detail: {
          sourceId: record.row.source_id,
          changed: record.reused,
          payloadNo: record.row.payload_no,
          recordIds: [record.row.id],
        },
      };
    });
}

/** Until it is decided, the record keeps its claims, whoever looks at it. */
async function holdReused(
  sql: Sql,
  context: TenantContext,
  effects: Effects,
  opened: readonly ReviewRow[],
): Promise<void> {
  const rows = opened
    .filter((review) => review.kind === 'identityReused')
    .flatMap((review) => {
      const record = effects.set.records.get(review.subject);
      if (record === undefined) return [];
      return [
        {
          tenant_id: context.tenantId,
          review_id: review.id,
          subject: record.row.id,
          attribute: 'reused',
          directory_id: record.row.directory_id,
          pinned: JSON.stringify({ gone: record.row.gone_begin !== null }),
          candidate: 'null',
          ended_at: null,
        },
      ];
    });
  await upsertRows(sql, GUARD_HOLD, rows);
}

function correlationDraft(effects: Effects, review: PartitionReview): ReviewDraft {
  const users = new Map(effects.users.map((user) => [user.after.id, user]));
  const recordIds = review.sides.flatMap((side) => side.recordIds);
  const record = effects.set.records.get(recordIds[0] ?? '');
  return {
    kind: review.kind,
    subject: review.subject,
    directoryId: record?.row.directory_id ?? null,
    counts: { users: review.sides.length },
    sample: review.sides.flatMap((side) => {
      const user = side.userId === null ? undefined : users.get(side.userId);
      return user === undefined ? [] : [{ user: user.after.id, who: whoOfEffect(user) }];
    }),
    detail: {
      because: review.because,
      rule: review.rule,
      sides: review.sides.map((side) => [...side.recordIds]),
      recordIds,
    },
  };
}

/** Reviews about records of this batch that the batch does not ask for any more. */
async function findOver(
  sql: Sql,
  context: TenantContext,
  effects: Effects,
  drafts: readonly ReviewDraft[],
): Promise<ReviewRow[]> {
  const asked = new Set(drafts.map((draft) => `${draft.kind}\n${draft.subject}`));
  const known = [...effects.set.records.values()]
    .filter((record) => record.mapped && !DECIDING.some((attribute) => record.claims[attribute]?.unknown !== undefined))
    .filter((record) => DECIDING.some((attribute) => record.storedClaims?.[attribute]?.unknown !== undefined))
    .map((record) => ({ kind: 'unknownStatus', subject: record.row.id }));
  const answered = await findOpenReviews(sql, context, known);
  const open = (await sql('review')
    .where({ tenant_id: context.tenantId, status: 'open' })
    .whereIn('kind', ['correlation', 'keyChanged'])) as ReviewRow[];
  const settled = open.filter((row) => {
    const { recordIds } = JSON.parse(row.detail) as { recordIds?: string[] };
    const isOurs = (recordIds ?? []).every((id) => effects.set.records.has(id) || effects.set.bystanders.has(id));
    const touched = (recordIds ?? []).some((id) => effects.set.records.has(id));
    return isOurs && touched && !asked.has(`${row.kind}\n${row.subject}`);
  });
  return [...answered, ...settled];
}
