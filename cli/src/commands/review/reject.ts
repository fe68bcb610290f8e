import { DecisionCommand } from '../../decision-command.js';

export default class ReviewReject extends DecisionCommand {
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

  protected readonly verb = 'reject';

  protected decide(
    ...[door, { id, reason, by }]: Parameters<DecisionCommand['decide']>
  ): ReturnType<DecisionCommand['decide']> {
    return door.reviewDecide(id, 'reject', reason, by);
  }
}
