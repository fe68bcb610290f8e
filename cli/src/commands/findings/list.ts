import { boolean } from '@oclif/core/flags';
import { answer, listFlags, pageOf, RollcallCommand } from '../../base-command.js';
import { standingFindingsText } from '../../render/standing-findings.js';

export default class FindingsList extends RollcallCommand {
  static override summary =
    'List what someone should see and nobody has to decide, such as a changed schema of a source.';
  static override examples = [
    { description: 'What stands now', command: 'rollcall findings list' },
    { description: 'What is over, too, for a program', command: 'rollcall findings list --all --json' },
  ];

  static override flags = {
    ...listFlags,
    all: boolean({ description: 'Findings that are over, too.' }),
  };

  async run(): Promise<number> {
    const { flags } = await this.parse(FindingsList);
    const page = pageOf(flags);
    return this.withReader(flags, async (door, output) => {
      const listing = await door.findings({ ...page, all: flags.all });
      // Not findings/1: that is the document of checks, with a key `findings` and an exit code.
      return answer(output, { format: 'rollcall.findings-list/1', ...listing }, standingFindingsText);
    });
  }
}
