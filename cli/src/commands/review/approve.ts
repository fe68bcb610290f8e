import { string } from '@oclif/core/flags';
import { needed } from '../../arguments.js';
import { RollcallCommand } from '../../base-command.js';
import { decide } from '../../decide.js';

export default class ReviewApprove extends RollcallCommand {
  static override summary = 'Let a review take its course: what it holds takes effect at once.';
  static override examples = [
    {
      description: 'The agency contract did end',
      command: 'rollcall review approve rev-01hr --reason "the agency contract ended"',
    },
    {
      description: 'For a program',
      command: 'rollcall review approve rev-01hr --reason "the agency contract ended" --json',
    },
  ];

  static override args = { id: needed({ description: 'The review: rev-….' }) };
  static override flags = {
    reason: string({ description: 'Why; kept with the decision.', helpValue: 'TEXT', required: true }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(ReviewApprove);
    return this.withTenant(flags, (door, output) => decide(door, output, args.id, 'approve', flags.reason));
  }
}
