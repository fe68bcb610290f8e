import type { ImpactDocument, Json, PlanDocument } from '@rollcall/core';
import type { Screen } from '../terminal/screen.js';
import { changesText, runText } from './runs.js';
import { activeText, counted, lines, nextStep, paragraphs, valueText } from './words.js';

const SHOWN = 50;

/** What makes a plan happen, and `reason`, where it is more than the command. */
interface NextStep {
  id: string;
  rest: readonly string[];
  reason?: string;
}

/** `rollcall plan` and the other plans for people. */
export function planText(document: PlanDocument, screen: Screen, next: NextStep): string {
  const due =
    document.due.impact.length === 0
      ? ''
      : lines(screen.paint('bold', 'dates that have come'), impactText(document.due.impact, screen));
  const runs = document.runs.map((run) =>
    lines(
      runText(run, screen, changesText(run.changes, run.conflicts)),
      ...run.wouldHold.map(
        (held) =>
          `  ${screen.paint('yellow', 'would be held')} by guard ${screen.safe(held.guard)}: ${counted(held.count, 'user')}, the limit is ${held.limit}`,
      ),
      impactText(run.impact, screen),
    ),
  );
  const changes = document.due.impact.length + document.runs.reduce((sum, run) => sum + run.impact.length, 0);
  const warnings = document.warnings.map(
    (warning) => `${screen.paint('yellow', 'warning')} ${screen.safe(warning.message)}`,
  );
  const end =
    changes === 0
      ? 'Nobody would change.'
      : lines('Nobody has changed yet.', nextStep(screen, next.reason ?? 'Make it so', next.id, ...next.rest));
  return paragraphs(due, runs.join('\n'), lines(...warnings), end);
}

function impactText(impact: readonly ImpactDocument[], screen: Screen): string {
  const { paint, safe } = screen;
  const shown = impact.slice(0, SHOWN).map((item) =>
    lines(
      `  ${paint('cyan', safe(item.kind))} ${safe(item.who.name)} ${paint('dim', `(${safe(item.who.sourceId)})`)}${item.held === true ? paint('yellow', '  would be held') : ''}`,
      ...item.attributes.map(({ attribute, from, to, reason, directory }) => {
        const why = [reason ?? '', directory ?? ''].filter((part) => part !== '').join(', ');
        return `    ${safe(attribute)}: ${safe(side(attribute, from))} → ${safe(side(attribute, to))}${why === '' ? '' : paint('dim', `  (${safe(why)})`)}`;
      }),
    ),
  );
  const hidden = impact.length - shown.length;
  return lines(...shown, hidden > 0 ? `  … and ${counted(hidden, 'more', 'more')}; --json shows all` : '');
}

function side(attribute: string, value: Json): string {
  return attribute === 'active' ? activeText(value) : valueText(value);
}
