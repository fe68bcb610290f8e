import type { AppliedPlan } from '@rollcall/core';
import type { Screen } from '../terminal/screen.js';
import { syncText } from './runs.js';
import { counted, lines, nextStep, paragraphs } from './words.js';

/** `rollcall apply FILE` for people. */
export function refusedText(
  document: Pick<AppliedPlan, 'due' | 'runs' | 'warnings' | 'refused'>,
  screen: Screen,
): string {
  const { paint, safe } = screen;
  const refused =
    document.refused.length === 0
      ? ''
      : lines(
          paint(
            'yellow',
            `${counted(document.refused.length, 'change')} of the plan refused: something changed since it was made.`,
          ),
          ...document.refused.map(({ who, reason }) => `  ${safe(who.name)} (${safe(who.sourceId)}): ${safe(reason)}`),
          nextStep(screen, 'Plan again', 'plan'),
        );
  return paragraphs(syncText(document, screen), refused);
}
