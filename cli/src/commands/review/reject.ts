import { string } from '@oclif/core/flags';
import { needed } from '../../arguments.js';
import { RollcallCommand } from '../../base-command.js';
import { decide } from '../../decide.js';

export default class ReviewReject extends RollcallCommand {
  static override summary = 'Turn a review down: what it holds stays as it was.';
  static override examples = [
    {
      description: 'The export was broken',
      command: 'rollcall review reject rev-01hr --reason "the export was broken"',
    },
    {
      description: 'For a program',
      command: 'rollcall review reject rev-01hr --reason "the export was broken" --json',
    },
  ];

  static override args = { id: needed({ description: 'The review: rev-….' }) };
  static override flags = {
    reason: string({ description: 'Why; kept with the decision.', helpValue: 'TEXT', required: true }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(ReviewReject);
    return this.withTenant(flags, (door, output) => decide(door, output, args.id, 'reject', flags.reason));
  }
}
