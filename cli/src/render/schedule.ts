import type { TierDocument } from '@rollcall/core';
import type { Screen } from '../terminal/screen.js';
import { table } from '../terminal/table.js';
import { nextStep, paragraphs, when } from './words.js';

/** `rollcall sync status` for people. */
export function scheduleText({ items }: { items: readonly TierDocument[] }, screen: Screen): string {
  const { safe, paint, width } = screen;
  if (items.length === 0)
    return paragraphs('No directory is read by itself yet.', nextStep(screen, 'Read them when they are due', 'serve'));
  const at = (instant: string | null, none: string): string => (instant === null ? none : when(instant));
  const columns = [
    { title: 'DIRECTORY', cell: (tier: TierDocument) => safe(tier.directory), isWhole: true },
    { title: 'TIER', cell: (tier: TierDocument) => tier.tier },
    { title: 'SCHEDULE', cell: (tier: TierDocument) => tier.schedule },
    { title: 'NEXT', cell: (tier: TierDocument) => (tier.isRunning ? 'running' : at(tier.nextAt, 'never')) },
    {
      title: 'LAST',
      cell: ({ lastOutcome, code }: TierDocument) => [lastOutcome ?? 'never', code ?? ''].join(' ').trim(),
    },
    {
      title: 'REQUESTS',
      cell: ({ requestsToday }: TierDocument) => (requestsToday === 0 ? '' : String(requestsToday)),
    },
    { title: 'FAILURES', cell: ({ failures }: TierDocument) => (failures === 0 ? '' : String(failures)) },
    {
      title: 'FRESH',
      cell: (tier: TierDocument) => `${at(tier.freshAt, 'never')}${tier.staleSince === null ? '' : ' (stale)'}`,
      style: (tier: TierDocument) => (tier.staleSince === null ? undefined : ('red' as const)),
    },
  ];
  return table(items, columns, width, paint);
}
