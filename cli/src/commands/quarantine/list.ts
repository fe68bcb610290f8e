import { answer, listFlags, pageOf, RollcallCommand } from '../../base-command.js';
import { quarantineText } from '../../render/reviews.js';

export default class QuarantineList extends RollcallCommand {
  static override summary = 'List the records and values that could not be used, with their line and what to mend.';
  static override examples = [
    { description: 'What waits there', command: 'rollcall quarantine list' },
    { description: 'For a program', command: 'rollcall quarantine list --json' },
  ];

  static override flags = listFlags;

  async run(): Promise<number> {
    const { flags } = await this.parse(QuarantineList);
    const page = pageOf(flags);
    return this.withReader(flags, async (door, output) =>
      answer(output, { format: 'rollcall.quarantine/1', ...(await door.quarantine(page)) }, quarantineText),
    );
  }
}
