import { boolean } from '@oclif/core/flags';
import { answer, listFlags, pageOf, RollcallCommand } from '../../base-command.js';
import { conflictsText } from '../../render/conflicts.js';

export default class ConflictsList extends RollcallCommand {
  static override summary = 'List where directories disagree about a person.';
  static override examples = [
    { description: 'What is open now', command: 'rollcall conflicts list' },
    { description: 'Closed ones, too, for a program', command: 'rollcall conflicts list --all --json' },
  ];

  static override flags = {
    ...listFlags,
    all: boolean({ description: 'Closed conflicts, too.' }),
  };

  async run(): Promise<number> {
    const { flags } = await this.parse(ConflictsList);
    const page = pageOf(flags);
    return this.withReader(flags, async (door, output) => {
      const listing = await door.conflicts({ ...page, all: flags.all });
      return answer(output, { format: 'rollcall.conflicts/1', ...listing }, conflictsText);
    });
  }
}
