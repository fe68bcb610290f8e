import type { ConflictDocument, Listing } from '@rollcall/core';
import type { Screen } from '../terminal/screen.js';
import { table } from '../terminal/table.js';
import { activeText, moreLine, nextStep, paragraphs, valueText, when } from './words.js';

/** `rollcall conflicts list` for people. */
export function conflictsText(listing: Listing<ConflictDocument>, screen: Screen): string {
  const { safe, paint, width } = screen;
  const [first] = listing.items;
  if (first === undefined) return 'No conflicts.';
  const side = (item: ConflictDocument, wins: boolean): string =>
    item.claims
      .filter((claim) => claim.wins === wins)
      .map((claim) =>
        safe(`${claim.directory}: ${item.attribute === 'active' ? activeText(claim.value) : valueText(claim.value)}`),
      )
      .join('; ');
  const columns = [
    { title: 'ID', cell: (item: ConflictDocument) => safe(item.id), isWhole: true, style: () => 'dim' as const },
    { title: 'WHO', cell: (item: ConflictDocument) => safe(`${item.who.name} (${item.who.sourceId})`) },
    { title: 'ATTRIBUTE', cell: (item: ConflictDocument) => safe(item.attribute) },
    { title: 'WINS', cell: (item: ConflictDocument) => side(item, true), style: () => 'green' as const },
    { title: 'AGAINST', cell: (item: ConflictDocument) => side(item, false), style: () => 'yellow' as const },
    { title: 'SINCE', cell: (item: ConflictDocument) => when(item.openedAt) },
    { title: 'STATUS', cell: (item: ConflictDocument) => item.status },
  ];
  const shown = listing.items.every((item) => item.status === 'open') ? columns.slice(0, -1) : columns;
  return paragraphs(
    table(listing.items, shown, width, paint),
    moreLine(listing, screen, 'conflicts:list'),
    nextStep(screen, 'Why one side wins', 'explain', safe(first.who.sourceId), '--attribute', safe(first.attribute)),
  );
}
