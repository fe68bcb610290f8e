import type { TenantDoor } from '@rollcall/core';
import { userInfo } from 'node:os';
import { answer } from './base-command.js';
import type { Output } from './output.js';
import { reviewText } from './render/reviews.js';
import { changesText, runText } from './render/runs.js';
import { lines, nextStep, paragraphs } from './render/words.js';
import { UsageError } from './usage-error.js';

/** Who sits at this terminal, for the record. */
export function whoDecides(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown'; // a container may run under an id without a name
  }
}

/** A reason that says something. */
export function reasonOf(text: string): string {
  const reason = text.trim();
  if (reason !== '') return reason;
  throw new UsageError(
    'RC_USAGE_REASON_EMPTY',
    'The reason is empty.',
    'Say why: --reason "the agency contract ended"',
  );
}

/** Decides a review and answers with it and the runs that it led to at once. */
export async function decide(
  door: TenantDoor,
  output: Output,
  id: string,
  decision: 'approve' | 'reject',
  reason: string,
): Promise<number> {
  const { item, runs } = await door.reviewDecide(id, decision, reasonOf(reason), whoDecides());
  return answer(
    output,
    { format: `rollcall.review-${decision}/1`, exitCode: 0, review: item, runs },
    ({ review }, screen) =>
      paragraphs(
        reviewText(review, screen),
        lines(...runs.map((run) => runText(run, screen, changesText(run.changes, run.conflicts)))),
        nextStep(screen, 'What else waits', 'review:list'),
      ),
  );
}
