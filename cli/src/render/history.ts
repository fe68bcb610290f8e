import type { HistoryDocument, Json, Listing } from '@rollcall/core';
import type { Screen } from '../terminal/screen.js';
import { table } from '../terminal/table.js';
import { activeText, moreLine, nextStep, paragraphs, valueText, when } from './words.js';

/** `rollcall history` for people. */
export function historyText(listing: Listing<HistoryDocument> & { user: string }, screen: Screen): string {
  const { safe, paint, width } = screen;
  if (listing.items.length === 0) return 'No changes.';
  const value = (item: HistoryDocument, side: Json): string =>
    safe(item.attribute === 'active' ? activeText(side) : valueText(side));
  const columns = [
    { title: 'AT', cell: (item: HistoryDocument) => when(item.at), isWhole: true },
    { title: 'CHANGE', cell: (item: HistoryDocument) => safe(item.kind) },
    { title: 'ATTRIBUTE', cell: (item: HistoryDocument) => safe(item.attribute) },
    { title: 'FROM', cell: (item: HistoryDocument) => (item.from === null ? '–' : value(item, item.from)) },
    { title: 'TO', cell: (item: HistoryDocument) => value(item, item.to) },
    { title: 'BECAUSE OF', cell: (item: HistoryDocument) => safe(causeText(item.cause)), style: () => 'dim' as const },
  ];
  return paragraphs(
    table(listing.items, columns, width, paint),
    moreLine(listing, screen, 'history'),
    nextStep(screen, 'Where each value comes from', 'explain', safe(listing.user)),
  );
}

function causeText(cause: HistoryDocument['cause']): string {
  const { directory, sourceId, trigger, override, review } = cause;
  if (typeof override === 'string') return `override ${override}`;
  if (typeof review === 'string') return `review ${review}`;
  const record = [directory, sourceId].filter((part) => typeof part === 'string').join(':');
  return [record, typeof trigger === 'string' ? trigger : ''].filter((part) => part !== '').join(', ');
}
