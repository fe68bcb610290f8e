import type { Listing, QuarantineDocument, ReviewDocument } from '@rollcall/core';
import type { Screen } from '../terminal/screen.js';
import { table } from '../terminal/table.js';
import { counted, lines, moreLine, nextStep, paragraphs, when } from './words.js';

/** `rollcall review list` for people. */
export function reviewsText(listing: Listing<ReviewDocument>, screen: Screen): string {
  const open = listing.items.find((item) => item.status === 'open');
  if (listing.items.length === 0) return 'Nothing waits for a decision.';
  return paragraphs(
    ...listing.items.map((review) => reviewText(review, screen)),
    moreLine(listing, screen, 'review:list'),
    open === undefined ? '' : nextStep(screen, 'Decide', 'review:approve', screen.safe(open.id), '--reason', '…'),
  );
}

/** One review for people. */
export function reviewText(review: ReviewDocument, screen: Screen): string {
  const { paint, safe } = screen;
  const kind = [review.kind, review.guard ?? review.doubt ?? ''].filter((part) => part !== '').join(' ');
  const counts = Object.entries(review.counts).map(([nouns, number]) =>
    counted(number, nouns.replace(/s$/, ''), nouns),
  );
  const names = review.sample.map(({ who }) => `${who.name} (${who.sourceId})`);
  return lines(
    `${paint('bold', safe(review.id))}  ${paint(review.status === 'open' ? 'yellow' : 'dim', review.status)}  ${safe(kind)}${review.directory === null ? '' : ` in ${safe(review.directory)}`}`,
    `  since ${when(review.openedAt)}${counts.length === 0 ? '' : `: ${safe(counts.join(', '))}`}`,
    names.length === 0 ? '' : `  ${safe(names.join(', '))}`,
    ...decisionLines(review, screen),
  );
}

/** Who decided, when and why; and who took it back. */
function decisionLines(review: ReviewDocument, { safe }: Screen): string[] {
  const told = (what: string, at: string, by: string | null, why: string | null): string =>
    `  ${what} ${when(at)}${by === null ? '' : ` by ${safe(by)}`}: ${safe(why ?? '')}`;
  const { status, decidedAt, decidedBy, reason, undoneAt, undoneBy = null, undoReason = null } = review;
  if (decidedAt === null) return [];
  if (undoneAt === undefined) return [told(status, decidedAt, decidedBy, reason)];
  return [told('approved', decidedAt, decidedBy, reason), told('undone', undoneAt, undoneBy, undoReason)];
}

/** `rollcall quarantine list` for people. */
export function quarantineText(listing: Listing<QuarantineDocument>, screen: Screen): string {
  const { safe, paint, width } = screen;
  if (listing.items.length === 0) return 'Nothing is in quarantine.';
  const columns = [
    { title: 'RECORD', cell: (item: QuarantineDocument) => safe(`${item.directory}:${item.sourceId ?? '?'}`) },
    {
      title: 'AT',
      cell: (item: QuarantineDocument) =>
        safe([item.record.file ?? '', item.record.line ?? ''].filter((part) => part !== '').join(':')),
    },
    { title: 'ATTRIBUTE', cell: (item: QuarantineDocument) => safe(item.attribute ?? 'whole record') },
    { title: 'PROBLEM', cell: (item: QuarantineDocument) => safe(`${item.message} ${item.mend}`) },
    { title: 'CODE', cell: (item: QuarantineDocument) => item.code, style: () => 'dim' as const },
  ];
  return paragraphs(
    table(listing.items, columns, width, paint),
    moreLine(listing, screen, 'quarantine:list'),
    `${counted(listing.items.length, 'item')}; a good record or a mended mapping takes it out again.`,
  );
}
