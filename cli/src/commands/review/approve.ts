import { DecisionCommand } from '../../decision-command.js';

export default class ReviewApprove extends DecisionCommand {
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

  protected readonly verb = 'approve';

  protected decide(
    ...[door, { id, reason, by }]: Parameters<DecisionCommand['decide']>
  ): ReturnType<DecisionCommand['decide']> {
    return door.reviewDecide(id, 'approve', reason, by);
  }
}
