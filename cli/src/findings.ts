import type { Finding } from '@rollcall/core';
import { answer } from './base-command.js';
import type { Output } from './output.js';
import { findingsText } from './render/findings.js';

/** The exit code of checks: errors fail, warnings do not. */
export function findingsExitCode(findings: readonly Finding[]): number {
  return findings.some(({ severity }) => severity === 'error') ? 5 : 0;
}

/** Answers with `rollcall.findings/1`; `more` are further keys of the document. */
export function answerFindings(
  output: Output,
  findings: readonly Finding[],
  allGood: string,
  more: object = {},
): Promise<number> {
  const document = { format: 'rollcall.findings/1', exitCode: findingsExitCode(findings), findings, ...more };
  return answer(output, document, (_document, screen) => findingsText(findings, screen, allGood));
}
