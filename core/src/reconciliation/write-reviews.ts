import type { PartitionReview, ReviewSide } from '../correlation/partition-types.js';
import type { Who } from '../model/documents.js';
import type { Json } from '../model/json.js';
import { GUARD_HOLD, type ReviewRow } from '../population/tables.js';
import { whoOf } from '../population/user-document.js';
import { whoOfUsers } from '../reading/who-of-users.js';
import { upsertRows, type Sql } from '../store/table.js';
import { DECIDING } from './draw.js';
import type { Effects, UserEffect } from './effects.js';
import { whoOfEffect } from './event-drafts.js';
import { closeReviews, findOpenReviews, openReviews, type ReviewDraft } from './reviews.js';
import type { TenantContext } from './tenant-context.js';
import type { WorkRecord } from './work-set.js';

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
    ...(await correlationDrafts(sql, context, effects)),
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

async function correlationDrafts(sql: Sql, context: TenantContext, effects: Effects): Promise<ReviewDraft[]> {
  const { reviews } = effects.partition;
  if (reviews.length === 0) return [];
  // A side may be somebody whom the batch does not draw.
  const userIds = reviews.flatMap(({ sides }) => sides.flatMap(({ userId }) => userId ?? []));
  const stored = await whoOfUsers(sql, context.tenantId, userIds);
  return reviews.map((review) => correlationDraft(effects, review, stored));
}

function correlationDraft(effects: Effects, review: PartitionReview, stored: ReadonlyMap<string, Who>): ReviewDraft {
  const recordIds = review.sides.flatMap((side) => side.recordIds);
  // Whoever is in doubt: the record whose key no longer fits, else whoever stands first.
  const doubted = review.kind === 'keyChanged' ? review.sides[1]?.recordIds[0] : recordIds[0];
  const users = new Set(review.sides.map((side) => side.userId ?? side.recordIds[0]));
  return {
    kind: review.kind,
    subject: review.subject,
    directoryId: effects.set.records.get(doubted ?? '')?.row.directory_id ?? null,
    counts: { users: users.size },
    sample: review.sides.flatMap((side, n) =>
      review.kind === 'keyChanged' && n > 0
        ? sampleOfRecord(effects, side)
        : (sampleOfUser(effects, side, stored) ?? sampleOfRecord(effects, side)),
    ),
    detail: {
      because: review.because,
      rule: review.rule,
      sides: review.sides.map((side) => [...side.recordIds]),
      recordIds,
    },
  };
}

/** The user that a side is or becomes. */
function sampleOfUser(
  effects: Effects,
  { userId, recordIds }: ReviewSide,
  stored: ReadonlyMap<string, Who>,
): ReviewDraft['sample'] | null {
  const isIt = ({ after, records }: UserEffect): boolean =>
    after.id === userId || records.some(({ row }) => row.id === recordIds[0]);
  const user = effects.users.find(isIt);
  if (user !== undefined) return [{ user: user.after.id, who: whoOfEffect(user) }];
  const who = stored.get(userId ?? '');
  return who === undefined ? null : [{ user: userId, who }];
}

/** A side that is nobody yet, by its first record. */
function sampleOfRecord(effects: Effects, { userId, recordIds }: ReviewSide): ReviewDraft['sample'] {
  const record = effects.set.records.get(recordIds[0] ?? '');
  return record === undefined ? [] : [{ user: userId, who: whoOfRecord(record) }];
}

function whoOfRecord({ claims, directory, row }: WorkRecord): Who {
  const values: Record<string, Json> = {};
  for (const [name, { value }] of Object.entries(claims)) if (value !== undefined) values[name] = value;
  return whoOf(values, { directory: directory.name, sourceId: row.source_id });
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
