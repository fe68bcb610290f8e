import type { Finding } from '@rollcall/core';
import type { Screen } from '../terminal/screen.js';
import { wrap } from '../terminal/wrap.js';
import { placeText } from './errors.js';
import { counted, lines, paragraphs } from './words.js';

/** One finding for people: what, where, how to mend it. */
export function findingText(finding: Finding, { paint, safe, width }: Screen): string {
  const place = placeText(finding.where);
  const mark = finding.severity === 'error' ? paint('red', 'error') : paint('yellow', 'warning');
  return lines(
    wrap(`${mark} ${safe(finding.message)} ${paint('dim', `(${finding.code})`)}`, width, '  '),
    place === '' ? '' : `  ${paint('dim', 'in')} ${safe(place)}`,
    finding.mend === '' ? '' : wrap(`  ${paint('cyan', '→')} ${safe(finding.mend)}`, width, '    '),
  );
}

/** The findings of a check for people; `allGood` where there are none. */
export function findingsText(findings: readonly Finding[], screen: Screen, allGood: string): string {
  if (findings.length === 0) return `${screen.paint('green', '✓')} ${allGood}`;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const sums = [errors > 0 ? counted(errors, 'error') : '', warnings > 0 ? counted(warnings, 'warning') : ''];
  return paragraphs(
    findings.map((finding) => findingText(finding, screen)).join('\n'),
    `${sums.filter((sum) => sum !== '').join(', ')}.`,
  );
}
