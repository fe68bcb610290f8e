import { DecisionCommand } from '../../decision-command.js';

export default class ReviewUndo extends DecisionCommand {
  static override summary = 'Take an approved merge back: the two are two people again, each with the id of before.';
  static override description =
    'Records go back to the people who had them, and no rule joins the two again. Reviews of other kinds cannot be taken back.';
  static override examples = [
    {
      description: 'They only share a mailbox',
      command: 'rollcall review undo rev-01hr --reason "two people, one mailbox"',
    },
    {
      description: 'For a program',
      command: 'rollcall review undo rev-01hr --reason "two people, one mailbox" --json',
    },
  ];

  protected readonly verb = 'undo';

  protected decide(
    ...[door, { id, reason, by }]: Parameters<DecisionCommand['decide']>
  ): ReturnType<DecisionCommand['decide']> {
    return door.reviewUndo(id, reason, by);
  }
}
