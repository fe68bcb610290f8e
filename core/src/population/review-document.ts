import type { ReviewDocument } from '../model/documents.js';
import { shownInstant } from '../model/instants.js';
import type { JsonObject } from '../model/json.js';
import type { ReviewRow } from './tables.js';

/** Who took an approval back, when and why; the approval itself stays as it was. */
export interface Undone {
  by: string;
  at: string;
  reason: string;
}

/** A review in the shape of its list. */
export function reviewDocument(row: ReviewRow, directory: string | null): ReviewDocument {
  const { undone, ...detail } = JSON.parse(row.detail) as JsonObject & { undone?: Undone };
  return {
    id: row.id,
    status: row.status as ReviewDocument['status'],
    kind: row.kind,
    guard: row.guard,
    doubt: row.doubt,
    directory,
    runId: row.run_id,
    openedAt: shownInstant(row.opened_at),
    counts: JSON.parse(row.counts) as Record<string, number>,
    sample: JSON.parse(row.sample) as ReviewDocument['sample'],
    detail,
    planHash: row.plan_hash,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at === null ? null : shownInstant(row.decided_at),
    reason: row.reason,
    ...(undone === undefined
      ? {}
      : { undoneBy: undone.by, undoneAt: shownInstant(undone.at), undoReason: undone.reason }),
  };
}

/** The detail of a review that is taken back. */
export function detailUndone(row: ReviewRow, undone: Undone): string {
  return JSON.stringify({ ...(JSON.parse(row.detail) as JsonObject), undone });
}
