import type { EventDocument, Listing } from '@rollcall/core';
import type { Screen } from '../terminal/screen.js';
import { table } from '../terminal/table.js';
import { moreLine, paragraphs, when } from './words.js';

/** `rollcall events list` for people. */
export function eventsText(listing: Listing<EventDocument>, screen: Screen): string {
  const { safe, paint, width } = screen;
  if (listing.items.length === 0) return 'No events.';
  const columns = [
    { title: 'NO.', cell: (event: EventDocument) => String(event.sequence), isWhole: true },
    { title: 'AT', cell: (event: EventDocument) => when(event.occurredAt), isWhole: true },
    { title: 'EVENT', cell: (event: EventDocument) => safe(event.type), style: () => 'cyan' as const },
    { title: 'SUBJECT', cell: (event: EventDocument) => safe(event.subject.id), style: () => 'dim' as const },
    { title: 'CHANGED', cell: (event: EventDocument) => safe(event.changed.join(', ')) },
  ];
  return paragraphs(table(listing.items, columns, width, paint), moreLine(listing, screen, 'events:list'));
}

/** One event of `rollcall events tail` for people. */
export function eventLine(event: EventDocument, { safe, paint }: Screen): string {
  const { sequence, occurredAt, type, subject, changed } = event;
  const what = changed.length === 0 ? '' : ` ${safe(changed.join(', '))}`;
  return `${sequence} ${when(occurredAt)} ${paint('cyan', safe(type))} ${paint('dim', safe(subject.id))}${what}`;
}
