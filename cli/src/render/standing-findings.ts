import type { FindingDocument, Listing } from '@rollcall/core';
import type { Screen } from '../terminal/screen.js';
import { table } from '../terminal/table.js';
import { moreLine, nextStep, paragraphs, valueText, when } from './words.js';

const WHAT: Readonly<Record<string, string>> = {
  vanished: 'the column is gone',
  appeared: 'the column is new',
  type: 'another type of value',
  presence: 'filled in less often',
  unseenValue: 'a value never seen before',
};

/** `rollcall findings list` for people. */
export function standingFindingsText(listing: Listing<FindingDocument>, screen: Screen): string {
  const { safe, paint, width } = screen;
  if (listing.items.length === 0) return 'Nothing was found.';
  const columns = [
    { title: 'FINDING', cell: (item: FindingDocument) => safe(item.name), style: () => 'yellow' as const },
    { title: 'ABOUT', cell: (item: FindingDocument) => safe(item.subject) },
    { title: 'WHAT', cell: (item: FindingDocument) => safe(whatText(item)) },
    { title: 'READS', cell: (item: FindingDocument) => String(item.count) },
    { title: 'SINCE', cell: (item: FindingDocument) => when(item.firstAt) },
    { title: 'LAST', cell: (item: FindingDocument) => when(item.lastAt) },
    { title: 'OVER', cell: (item: FindingDocument) => (item.closedAt === null ? '' : when(item.closedAt)) },
  ];
  const shown = listing.items.every((item) => item.closedAt === null) ? columns.slice(0, -1) : columns;
  return paragraphs(
    table(listing.items, shown, width, paint),
    moreLine(listing, screen, 'findings:list'),
    nextStep(screen, 'Values that could not be used because of it', 'quarantine:list'),
  );
}

function whatText({ detail: { what, ...others } }: FindingDocument): string {
  const rest = Object.entries(others).map(([name, value]) => `${name} ${valueText(value)}`);
  const said = typeof what === 'string' ? [WHAT[what] ?? what] : [];
  return [said.join(''), rest.join(', ')].filter((part) => part !== '').join('; ');
}
