import { boolean, string } from '@oclif/core/flags';
import { answer, listFlags, pageOf, RollcallCommand } from '../../base-command.js';
import { usersText } from '../../render/users.js';

export default class UsersList extends RollcallCommand {
  static override summary = 'List people, active or not.';
  static override examples = [
    { description: 'Everybody who is inactive, and why', command: 'rollcall users list --inactive' },
    {
      description: 'The first ten who left, for a program',
      command: 'rollcall users list --reason terminated --limit 10 --json',
    },
  ];

  static override flags = {
    ...listFlags,
    active: boolean({ description: 'Only people who are active.', exclusive: ['inactive', 'reason'] }),
    inactive: boolean({ description: 'Only people who are inactive.' }),
    reason: string({
      description: 'Only people who are inactive for this reason, such as terminated.',
      helpValue: 'REASON',
    }),
  };

  async run(): Promise<number> {
    const { flags } = await this.parse(UsersList);
    const page = pageOf(flags);
    return this.withReader(flags, async (door, output) => {
      const { reason } = flags;
      const active = flags.active ? { active: true } : flags.inactive || reason !== undefined ? { active: false } : {};
      const listing = await door.users.list({ ...page, ...active, ...(reason === undefined ? {} : { reason }) });
      return answer(output, { format: 'rollcall.users/1', ...listing }, usersText);
    });
  }
}
