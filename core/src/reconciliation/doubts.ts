import type { DoubtDocument } from '../model/documents.js';
import type { Json, JsonObject } from '../model/json.js';
import { REVIEW, type ReviewRow } from '../population/tables.js';
import type { WatermarkRow } from '../sources/tables.js';
import { updateRows, type Sql } from '../store/table.js';
import type { Directory } from '../tenancy/directories.js';
import { appendDrafts, type EventRange } from './append-drafts.js';
import { reviewEvent } from './event-drafts.js';
import { closeReviews, openReviews } from './reviews.js';
import type { TenantContext } from './tenant-context.js';

/** What a read showed, as far as its wholeness is concerned. */
export interface ReadFacts {
  complete: boolean;
  count: number;
  watermark: WatermarkRow | null;
  scopeKey: string | null;
  vanished: readonly string[];
  attributes: readonly string[];
}

/** What came of the doubts of a read. */
export interface SettledDoubts {
  /** Those that nobody approved. */
  standing: readonly DoubtDocument[];
  /** Those of them for which the read is not accepted. */
  blocking: readonly DoubtDocument[];
  events: EventRange | null;
}

/** Below this share of the last complete read, by at least `MISSING`, a read is doubted. */
const SHARE = 0.8;
const MISSING = 10;

/** Doubts about the read itself; consequences have guards. */
export function doubtsOf(facts: ReadFacts): DoubtDocument[] {
  const sized = { before: facts.watermark?.count ?? 0, now: facts.count };
  const doubts: DoubtDocument[] = [];
  const size = sizeDoubt(facts.complete, sized);
  if (size !== null) doubts.push({ doubt: size, ...sized, attributes: [] });
  if (isOtherScope(facts)) doubts.push({ doubt: 'scopeChanged', ...sized, attributes: [] });
  if (facts.vanished.length > 0) doubts.push({ doubt: 'columnVanished', ...sized, attributes: [...facts.attributes] });
  return doubts;
}

function sizeDoubt(
  complete: boolean,
  { before, now }: { before: number; now: number },
): 'cut' | 'empty' | 'shrunk' | null {
  if (!complete) return 'cut';
  if (now === 0 && before > 0) return 'empty';
  return now < before * SHARE && before - now >= MISSING ? 'shrunk' : null;
}

/** Scopes are compared where both reads know theirs. */
function isOtherScope({ watermark, scopeKey }: ReadFacts): boolean {
  const known = watermark?.scope_key ?? null;
  return known !== null && scopeKey !== null && known !== scopeKey;
}

/**
 * Opens a review for each doubt (once, however often the read comes again), uses up approvals, and closes the reviews
 * of doubts that are over.
 *
 * @returns the doubts that keep the read from counting as whole: neither approved nor `columnVanished`.
 */
export async function settleDoubts(
  sql: Sql,
  context: TenantContext,
  place: { directory: Directory; kind: string },
  found: readonly DoubtDocument[],
  run: { runId: string; now: string },
): Promise<SettledDoubts> {
  const stored = await storedDoubts(sql, context, place);
  const approved = new Map(found.map((doubt) => [doubt, approvalOf(stored, doubt)]));
  const blocked = found.some((doubt) => doubt.doubt !== 'columnVanished' && approved.get(doubt) === undefined);
  // An approval serves one read; where another doubt stands in its way it is kept for a better one.
  if (!blocked)
    await useUp(
      sql,
      [...approved.values()].filter((row) => row !== undefined),
    );
  const standing = found.filter((doubt) => approved.get(doubt) === undefined);
  const names = new Set(standing.map((doubt) => doubt.doubt as string));
  const over = stored.filter((row) => row.status === 'open' && !names.has(row.doubt ?? ''));
  const closed = await closeReviews(sql, over, run.now);
  const opened = await openReviews(
    sql,
    context,
    standing.map((doubt) => ({
      kind: 'doubt',
      subject: `${place.directory.id}/${place.kind}/${doubt.doubt}`,
      doubt: doubt.doubt,
      directoryId: place.directory.id,
      counts: { before: doubt.before, now: doubt.now },
      sample: [],
      detail: { attributes: doubt.attributes },
    })),
    run,
  );
  const drafts = [
    ...opened.map((row) => reviewEvent(context, row, 'review.opened')),
    ...closed.map((row) => reviewEvent(context, row, 'review.decided')),
  ];
  const events = await appendDrafts(sql, context, drafts, run.now);
  return { standing, blocking: standing.filter((doubt) => doubt.doubt !== 'columnVanished'), events };
}

/** Reviews of doubts about this kind of the directory. */
async function storedDoubts(
  sql: Sql,
  context: TenantContext,
  place: { directory: Directory; kind: string },
): Promise<ReviewRow[]> {
  const rows = (await sql('review').where({
    tenant_id: context.tenantId,
    kind: 'doubt',
    directory_id: place.directory.id,
  })) as ReviewRow[];
  return rows.filter((row) => row.subject.startsWith(`${place.directory.id}/${place.kind}/`));
}

function approvalOf(stored: readonly ReviewRow[], doubt: DoubtDocument): ReviewRow | undefined {
  return stored.find((row) => {
    const detail = JSON.parse(row.detail) as JsonObject;
    return row.status === 'approved' && row.doubt === doubt.doubt && detail.used !== true;
  });
}

async function useUp(sql: Sql, approvals: readonly ReviewRow[]): Promise<void> {
  const used = approvals.map((row) => {
    const detail = { ...(JSON.parse(row.detail) as Record<string, Json>), used: true };
    return { ...row, detail: JSON.stringify(detail) };
  });
  await updateRows(sql, REVIEW, ['detail'], used);
}
