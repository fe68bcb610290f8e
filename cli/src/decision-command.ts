import { string } from '@oclif/core/flags';
import type { Decided, ReviewDocument, RunDocument, TenantDoor } from '@rollcall/core';
import { userInfo } from 'node:os';
import { needed } from './arguments.js';
import { answer, RollcallCommand } from './base-command.js';
import { reviewText } from './render/reviews.js';
import { changesText, runText } from './render/runs.js';
import { lines, nextStep, paragraphs } from './render/words.js';
import type { Screen } from './terminal/screen.js';
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

/** The parent of the commands that decide a review: its id, the reason, and the answer with the runs that it led to at once. */
export abstract class DecisionCommand extends RollcallCommand {
  static override args = { id: needed({ description: 'The review: rev-….' }) };
  static override flags = {
    reason: string({ description: 'Why; kept with the decision.', helpValue: 'TEXT', required: true }),
  };

  /** The verb of the command, as in its document. */
  protected abstract readonly verb: string;
  protected abstract decide(
    door: TenantDoor,
    word: { id: string; reason: string; by: string },
  ): Promise<Decided<ReviewDocument>>;

  async run(): Promise<number> {
    const { args, flags } = await this.parse(DecisionCommand);
    return this.withTenant(flags, async (door, output) => {
      const word = { id: args.id, reason: reasonOf(flags.reason), by: whoDecides() };
      const { item, runs } = await this.decide(door, word);
      const exitCode = runs.some(({ records }) => records.quarantined > 0) ? 4 : 0;
      const document = { format: `rollcall.review-${this.verb}/1`, exitCode, review: item, runs };
      if (output.flags.json) return answer(output, document, () => '');
      const { items: open } = await door.reviews({ limit: 1 });
      return answer(output, document, (shown, screen) => decisionText(shown, open.length > 0, screen));
    });
  }
}

function decisionText(
  { review, runs }: { review: ReviewDocument; runs: readonly RunDocument[] },
  isMoreWaiting: boolean,
  screen: Screen,
): string {
  return paragraphs(
    reviewText(review, screen),
    lines(...runs.map((run) => runText(run, screen, changesText(run.changes, run.conflicts)))),
    isMoreWaiting ? nextStep(screen, 'What else waits', 'review:list') : '',
  );
}
