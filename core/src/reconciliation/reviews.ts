import { sha256 } from '../sources/fingerprint.js';
import { REVIEW, type ReviewRow } from '../population/tables.js';
import { insertRows, selectRows, updateRows, type Sql } from '../store/table.js';
import type { TenantContext } from './tenant-context.js';
import type { Who } from '../model/documents.js';
import type { JsonObject } from '../model/json.js';

/** A matter that a person has to look at; one open review a kind and subject. */
export interface ReviewDraft {
  kind: 'guard' | 'doubt' | 'correlation' | 'identityReused' | 'keyChanged' | 'conflict' | 'unknownStatus';
  subject: string;
  guard?: string;
  doubt?: string;
  directoryId: string | null;
  counts: Record<string, number>;
  sample: { user: string | null; who: Who }[];
  detail: JsonObject;
}

/** Opens reviews for matters that have none open; answers the ones that are new. */
export async function openReviews(
  sql: Sql,
  context: TenantContext,
  drafts: readonly ReviewDraft[],
  pass: { runId: string; now: string },
): Promise<ReviewRow[]> {
  const open = await findOpenReviews(sql, context, drafts);
  const known = new Set(open.map((row) => `${row.kind}\n${row.subject}`));
  const rows = drafts
    .filter((draft) => !known.has(`${draft.kind}\n${draft.subject}`))
    .map((draft) => reviewRow(context, draft, pass));
  await insertRows(sql, REVIEW, rows);
  return rows;
}

/** The open reviews of the kinds and subjects. */
export async function findOpenReviews(
  sql: Sql,
  context: TenantContext,
  subjects: readonly { kind: string; subject: string }[],
): Promise<ReviewRow[]> {
  const scope = { tenant_id: context.tenantId, status: 'open' };
  return selectRows(
    sql,
    REVIEW,
    scope,
    ['kind', 'subject'],
    subjects.map((draft) => [draft.kind, draft.subject]),
  );
}

function reviewRow(context: TenantContext, draft: ReviewDraft, pass: { runId: string; now: string }): ReviewRow {
  const counts = JSON.stringify(draft.counts);
  const detail = JSON.stringify(draft.detail);
  return {
    tenant_id: context.tenantId,
    id: context.ids.next('rev'),
    kind: draft.kind,
    status: 'open',
    subject: draft.subject,
    guard: draft.guard ?? null,
    doubt: draft.doubt ?? null,
    directory_id: draft.directoryId,
    run_id: pass.runId,
    opened_at: pass.now,
    counts,
    sample: JSON.stringify(draft.sample.slice(0, 20)),
    detail,
    plan_hash: sha256(`${draft.kind}\n${draft.subject}\n${counts}\n${detail}`),
    decided_by: null,
    decided_at: null,
    reason: null,
  };
}

/** Closes reviews whose matter is over by itself. */
export async function closeReviews(sql: Sql, rows: readonly ReviewRow[], now: string): Promise<ReviewRow[]> {
  const closed = rows.map((row) => ({ ...row, status: 'closed', decided_at: now }));
  await updateRows(sql, REVIEW, ['status', 'decided_at'], closed);
  return closed;
}
