import { boolean } from '@oclif/core/flags';
import { answer, listFlags, pageOf, RollcallCommand } from '../../base-command.js';
import { overridesText } from '../../render/overrides.js';

export default class OverrideList extends RollcallCommand {
  static override summary = 'List the values that people set by hand, and the pins of rejected reviews.';
  static override examples = [
    { description: 'Those in force', command: 'rollcall override list' },
    { description: 'Ended ones, too, for a program', command: 'rollcall override list --all --json' },
  ];

  static override flags = {
    ...listFlags,
    all: boolean({ description: 'Ended overrides, too.' }),
  };

  async run(): Promise<number> {
    const { flags } = await this.parse(OverrideList);
    const page = pageOf(flags);
    return this.withReader(flags, async (door, output) => {
      const listing = await door.overrides.list({ ...page, all: flags.all });
      return answer(output, { format: 'rollcall.override-list/1', ...listing }, overridesText);
    });
  }
}
