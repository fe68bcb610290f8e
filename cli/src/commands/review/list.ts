import { boolean } from '@oclif/core/flags';
import { answer, listFlags, pageOf, RollcallCommand } from '../../base-command.js';
import { reviewsText } from '../../render/reviews.js';

export default class ReviewList extends RollcallCommand {
  static override summary = 'List what waits for a decision of a person.';
  static override examples = [
    { description: 'What is open now', command: 'rollcall review list' },
    { description: 'Decided ones, too, for a program', command: 'rollcall review list --all --json' },
  ];

  static override flags = {
    ...listFlags,
    all: boolean({ description: 'Decided and closed reviews, too.' }),
  };

  async run(): Promise<number> {
    const { flags } = await this.parse(ReviewList);
    const page = pageOf(flags);
    return this.withReader(flags, async (door, output) => {
      const listing = await door.reviews({ ...page, all: flags.all });
      return answer(output, { format: 'rollcall.reviews/1', ...listing }, reviewsText);
    });
  }
}
