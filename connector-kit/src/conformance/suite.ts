import { declarationChecks } from './declaration-checks.js';
import { failureChecks } from './failure-checks.js';
import { readingChecks } from './reading-checks.js';
import { singleChecks } from './single-checks.js';
import { streamChecks } from './stream-checks.js';
import type { ConformanceCheck, PopulatedSource, Subject } from './subject.js';

export type { ConformanceCheck, CreationValues, PopulatedSource, SourceHooks, Subject } from './subject.js';

/**
 * The checks that every connector has to pass, for any test runner.
 *
 * @example
 * ```ts
 * describe('conformance', () => {
 *   for (const { name, run } of conformanceChecks(subject)) it(name, run);
 * });
 * ```
 */
export function conformanceChecks<S extends PopulatedSource>(subject: Subject<S>): readonly ConformanceCheck[] {
  const declared = declarationChecks(subject);
  // A source that only pushes cannot be read: what is left is what its connector says of itself.
  if (!subject.definition.capabilities.full) return declared;
  const { delta, one } = subject.definition.capabilities;
  return [
    ...declared,
    ...readingChecks(subject),
    ...failureChecks(subject),
    ...(delta ? streamChecks(subject) : []),
    ...(one ? singleChecks(subject) : []),
  ];
}
