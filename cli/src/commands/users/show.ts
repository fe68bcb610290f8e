import { string } from '@oclif/core/flags';
import { who } from '../../arguments.js';
import { answer, RollcallCommand } from '../../base-command.js';
import { userText } from '../../render/users.js';
import { instantOf } from '../../values.js';

export default class UsersShow extends RollcallCommand {
  static override summary = 'Show one person: values, groups, records, open conflicts.';
  static override examples = [
    { description: 'By a record of a directory', command: 'rollcall users show hr:E1003' },
    {
      description: 'By e-mail, as it was at an earlier instant',
      command: 'rollcall users show email=ada@acme.example --at 2026-03-09T08:00:00Z',
    },
  ];

  static override args = { who };
  static override flags = {
    at: string({ description: 'Show the person as of this instant.', helpValue: 'INSTANT' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(UsersShow);
    const at = flags.at === undefined ? undefined : instantOf('--at', flags.at);
    return this.withReader(flags, async (door, output) => {
      const user = await door.users.show(args.who, at);
      return answer(output, { format: 'rollcall.user/1', user }, userText);
    });
  }
}
