import type { CheckReport, ConnectorListing, DirectoryDocument } from '@rollcall/core';
import type { Screen } from '../terminal/screen.js';
import { table } from '../terminal/table.js';
import { lines, nextStep, paragraphs, when } from './words.js';

/** `rollcall directory list` for people. */
export function directoriesText({ items }: { items: readonly DirectoryDocument[] }, screen: Screen): string {
  const { safe, paint, width } = screen;
  const [first] = items;
  if (first === undefined) return 'No directories.';
  const state = (directory: DirectoryDocument): string =>
    directory.paused ? `${directory.mode}, paused` : directory.mode;
  const columns = [
    { title: 'NAME', cell: (directory: DirectoryDocument) => safe(directory.directory), isWhole: true },
    { title: 'CONNECTOR', cell: (directory: DirectoryDocument) => safe(directory.connector) },
    { title: 'MODE', cell: state },
    { title: 'PRESENT', cell: ({ records }: DirectoryDocument) => String(records.present) },
    { title: 'GONE', cell: ({ records }: DirectoryDocument) => String(records.gone) },
    {
      title: 'LAST RUN',
      cell: ({ lastRun }: DirectoryDocument) => (lastRun === null ? 'never' : `${lastRun.outcome} ${when(lastRun.at)}`),
    },
    { title: 'REVIEWS', cell: ({ openReviews }: DirectoryDocument) => String(openReviews) },
  ];
  return paragraphs(
    table(items, columns, width, paint),
    nextStep(screen, 'Whether it can be read', 'directory:check', safe(first.directory)),
  );
}

/** The steps of a connection check for people. */
export function checkText(report: CheckReport, { paint, safe }: Screen): string {
  return lines(
    ...report.steps.map((step) =>
      lines(
        `${step.ok ? paint('green', '✓') : paint('red', '✗')} ${safe(step.name)}: ${safe(step.message)}`,
        step.ok || step.mend === undefined ? '' : `  ${paint('cyan', '→')} ${safe(step.mend)}`,
      ),
    ),
  );
}

/** `rollcall plugin list` for people. */
export function pluginsText({ items }: { items: readonly ConnectorListing[] }, screen: Screen): string {
  const { safe, paint, width } = screen;
  const columns = [
    { title: 'CONNECTOR', cell: (each: ConnectorListing) => safe(each.id ?? '?') },
    {
      title: 'PACKAGE',
      cell: (each: ConnectorListing) =>
        safe([each.package, each.version ?? ''].filter((part) => part !== '').join('@')),
    },
    { title: 'FROM', cell: (each: ConnectorListing) => each.origin },
    {
      title: 'STATUS',
      cell: (each: ConnectorListing) =>
        each.finding === undefined ? each.status : `${each.status}: ${safe(each.finding.message)}`,
      style: (each: ConnectorListing) => (each.status === 'broken' ? ('red' as const) : undefined),
    },
  ];
  return paragraphs(table(items, columns, width, paint), nextStep(screen, 'Load and check each', 'plugin:check'));
}
