import { answer, listFlags, pageOf, RollcallCommand } from '../../base-command.js';
import { groupsText } from '../../render/groups.js';

export default class GroupsList extends RollcallCommand {
  static override summary = 'List groups with the directory they come from.';
  static override examples = [
    { description: 'All groups', command: 'rollcall groups list' },
    { description: 'For a program, twenty at a time', command: 'rollcall groups list --limit 20 --json' },
  ];

  static override flags = listFlags;

  async run(): Promise<number> {
    const { flags } = await this.parse(GroupsList);
    const page = pageOf(flags);
    return this.withReader(flags, async (door, output) =>
      answer(output, { format: 'rollcall.groups/1', ...(await door.groups.list(page)) }, groupsText),
    );
  }
}
