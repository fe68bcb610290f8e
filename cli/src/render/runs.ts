import type { Counts, DueDocument, RunDocument, SyncDocument } from '@rollcall/core';
import type { Style } from '../terminal/paint.js';
import type { Screen } from '../terminal/screen.js';
import { oneErrorText } from './errors.js';
import { counted, lines, nextStep, paragraphs } from './words.js';

const OUTCOME_STYLES: Readonly<Record<RunDocument['outcome'], Style>> = {
  finished: 'green',
  held: 'yellow',
  partial: 'yellow',
  failed: 'red',
  stopped: 'red',
  interrupted: 'yellow',
  superseded: 'dim',
  busy: 'yellow',
  skipped: 'dim',
};

const DOUBTS: Readonly<Record<string, string>> = {
  empty: 'the file is empty',
  shrunk: 'far fewer records than last time',
  scopeChanged: 'another scope was read than last time',
  columnVanished: 'a column that the mapping reads is gone',
  cut: 'the read was cut off',
};

/** What a run or a plan changes, in words; an empty text where it is nothing. */
export function changesText(
  { users, groups, memberships }: Counts,
  conflicts?: { opened: number; closed: number },
): string {
  return [
    listOf('user', [
      [users.created, 'created'],
      [users.activated, 'activated'],
      [users.reactivated, 'reactivated'],
      [users.updated, 'updated'],
      [users.deactivated, 'deactivated'],
      [users.merged, 'merged'],
    ]),
    listOf('group', [
      [groups.created, 'created'],
      [groups.updated, 'updated'],
      [groups.removed, 'removed'],
    ]),
    listOf('membership', [
      [memberships.added, 'added'],
      [memberships.removed, 'removed'],
    ]),
    listOf('conflict', [
      [conflicts?.opened ?? 0, 'opened'],
      [conflicts?.closed ?? 0, 'closed'],
    ]),
  ]
    .filter((part) => part !== '')
    .join('; ');
}

/** `2 users created, 1 deactivated`. */
function listOf(noun: string, counts: readonly (readonly [number, string])[]): string {
  const shown = counts.filter(([number]) => number > 0);
  return shown
    .map(([number, verb], at) =>
      at === 0 ? `${counted(number, noun)} ${verb}` : `${number.toLocaleString('en-US')} ${verb}`,
    )
    .join(', ');
}

function recordsText(run: RunDocument): string {
  if (run.source.length > 0 && run.source.every(({ alreadyAccepted }) => alreadyAccepted))
    return 'nothing newer than the file accepted last';
  const { read, ...kinds } = run.records;
  const shown = Object.entries(kinds).filter(([, number]) => number > 0);
  const detail = shown.map(([kind, number]) => `${number.toLocaleString('en-US')} ${kind}`).join(', ');
  return `${counted(read, 'record')} read${detail === '' ? '' : `: ${detail}`}`;
}

/** One run for people: its head, what it read, what it changed, what waits, what failed. */
export function runText(run: RunDocument, screen: Screen, changed: string): string {
  const { paint, safe } = screen;
  const place = run.directory ?? (run.trigger === 'clock' ? 'dates that have come' : run.trigger);
  const shadow = run.shadow === true ? paint('dim', ' (shadow: nobody changes)') : '';
  return lines(
    `${paint('bold', safe(place))}  ${paint(OUTCOME_STYLES[run.outcome], run.outcome)}${shadow}`,
    run.runId === null && run.error !== null ? '' : `  ${recordsText(run)}`,
    run.error === null ? `  ${changed === '' ? paint('dim', 'nobody changes') : changed}` : '',
    ...run.held.map(
      (held) =>
        `  ${paint('yellow', 'held')} by guard ${safe(held.guard)}: ${counted(held.count, 'user')}, the limit is ${held.limit}`,
    ),
    ...run.doubts.map((doubt) => `  ${paint('yellow', 'doubted')}: ${doubtText(doubt)}`),
    ...run.warnings.map((warning) => `  ${paint('yellow', 'warning')} ${safe(warning.message)}`),
    run.error === null ? '' : oneErrorText(run.error, screen).replaceAll(/^/gm, '  '),
  );
}

function doubtText({ doubt, before, now, attributes }: RunDocument['doubts'][number]): string {
  const numbers =
    attributes.length > 0
      ? attributes.join(', ')
      : `${before.toLocaleString('en-US')} before, ${now.toLocaleString('en-US')} now`;
  return `${DOUBTS[doubt] ?? doubt} (${numbers})`;
}

/** What became due by date, for people; an empty text where it is nobody. */
export function dueText(due: DueDocument, screen: Screen): string {
  if (due.users === 0 && due.held.length === 0) return '';
  return `${screen.paint('bold', 'dates')}  ${counted(due.users, 'user')} whose date has come: ${changesText(due.changes) || 'held'}`;
}

/** What a person does next after these runs. */
export function nextAfter(runs: readonly RunDocument[], screen: Screen): string {
  return afterFailure(runs, screen) ?? afterSuccess(runs, screen);
}

/** What leads to the fault; null where nothing failed. */
function afterFailure(runs: readonly RunDocument[], screen: Screen): string | null {
  const has = (...outcomes: RunDocument['outcome'][]): boolean =>
    runs.some(({ outcome }) => outcomes.includes(outcome));
  if (has('failed', 'busy')) return nextStep(screen, 'Look for what is wrong', 'doctor');
  if (has('stopped')) return nextStep(screen, 'Too many records could not be used', 'quarantine:list');
  return has('interrupted') ? nextStep(screen, 'Go on where it stopped', 'sync') : null;
}

function afterSuccess(runs: readonly RunDocument[], screen: Screen): string {
  if (runs.some((run) => run.held.length > 0 || run.doubts.length > 0)) {
    return nextStep(screen, 'Something waits for your decision', 'review:list');
  }
  if (runs.some((run) => run.records.quarantined > 0)) {
    return nextStep(screen, 'Some records could not be used', 'quarantine:list');
  }
  if (runs.some((run) => run.conflicts.opened > 0))
    return nextStep(screen, 'Who disagrees with whom', 'conflicts:list');
  return nextStep(screen, 'Everybody', 'users:list');
}

/** `rollcall sync` for people. */
export function syncText(document: Pick<SyncDocument, 'due' | 'runs' | 'warnings'>, screen: Screen): string {
  const several = new Set(document.runs.map(({ tenant }) => tenant)).size > 1;
  return paragraphs(
    dueText(document.due, screen),
    document.runs
      .map((run) => {
        const text = runText(run, screen, changesText(run.changes, run.conflicts));
        return several ? `${screen.paint('dim', `${screen.safe(run.tenant)}/`)}${text}` : text;
      })
      .join('\n'),
    lines(
      ...document.warnings.map((warning) => `${screen.paint('yellow', 'warning')} ${screen.safe(warning.message)}`),
    ),
    nextAfter(document.runs, screen),
  );
}
