import type { Listing, RunDocument, OverrideDocument } from '@rollcall/core';
import type { Screen } from '../terminal/screen.js';
import { table } from '../terminal/table.js';
import { changesText, runText } from './runs.js';
import { activeText, lines, moreLine, nextStep, paragraphs, valueText, when } from './words.js';

/** What a pin without a value of its own keeps from happening. */
const PINNED: Readonly<Record<string, string>> = {
  creation: 'nobody is created',
  merge: 'nobody is merged',
  membership: 'stays in the group',
};

function valueOf({ attribute, value, pins }: OverrideDocument): string {
  const pinned = PINNED[pins ?? ''];
  if (pinned !== undefined) return pinned;
  if (pins === 'absence') return `${activeText(value)} (its record counts as there)`;
  return attribute === 'active' ? activeText(value) : valueText(value);
}

/** `rollcall override list` for people. */
export function overridesText(listing: Listing<OverrideDocument>, screen: Screen): string {
  const { safe, paint, width } = screen;
  if (listing.items.length === 0) return 'No overrides.';
  const standing = listing.items.find(({ kind, endedAt }) => kind === 'override' && endedAt === null);
  const until = ({ until: end }: OverrideDocument): string => (end === null ? 'all agree' : when(end));
  const ended = ({ endedAt, endedReason }: OverrideDocument): string =>
    endedAt === null ? '' : safe([when(endedAt), endedReason ?? ''].filter((part) => part !== '').join(', '));
  const columns = [
    { title: 'ID', cell: (item: OverrideDocument) => safe(item.id), isWhole: true, style: () => 'dim' as const },
    { title: 'WHO', cell: (item: OverrideDocument) => safe(`${item.who.name} (${item.who.sourceId})`) },
    { title: 'ATTRIBUTE', cell: (item: OverrideDocument) => safe(item.attribute) },
    { title: 'VALUE', cell: (item: OverrideDocument) => safe(valueOf(item)) },
    { title: 'UNTIL', cell: until },
    { title: 'BY', cell: (item: OverrideDocument) => safe(item.by) },
    { title: 'REASON', cell: (item: OverrideDocument) => safe(item.reason) },
  ];
  const shown = listing.items.some(({ endedAt }) => endedAt !== null)
    ? [...columns, { title: 'ENDED', cell: ended }]
    : columns;
  return paragraphs(
    table(listing.items, shown, width, paint),
    moreLine(listing, screen, 'override:list'),
    standing === undefined ? '' : nextStep(screen, 'End one', 'override:clear', safe(standing.id)),
  );
}

/** `rollcall override set` and `clear` for people. */
export function overrideText(
  { override, runs }: { override: OverrideDocument; runs: readonly RunDocument[] },
  screen: Screen,
): string {
  const { safe, paint } = screen;
  return paragraphs(
    `${paint('bold', safe(override.who.name))}: ${safe(override.attribute)} ${safe(valueOf(override))}, ${safe(override.reason)} ${paint('dim', `(${safe(override.id)})`)}`,
    lines(...runs.map((run) => runText(run, screen, changesText(run.changes, run.conflicts)))),
    nextStep(screen, 'How it is now', 'explain', safe(override.who.sourceId), '--attribute', safe(override.attribute)),
  );
}
