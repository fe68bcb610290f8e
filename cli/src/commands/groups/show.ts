import { needed } from '../../arguments.js';
import { answer, RollcallCommand } from '../../base-command.js';
import { groupText } from '../../render/groups.js';

export default class GroupsShow extends RollcallCommand {
  static override summary = 'Show one group and who is in it.';
  static override examples = [
    { description: 'By its name', command: 'rollcall groups show vpn' },
    { description: 'For a program', command: 'rollcall groups show admins --json' },
  ];

  static override args = { group: needed({ description: 'A group: grp-… or its display name.' }) };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(GroupsShow);
    return this.withReader(flags, async (door, output) =>
      answer(output, { format: 'rollcall.group/1', group: await door.groups.show(args.group) }, groupText),
    );
  }
}
