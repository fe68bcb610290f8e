import { string } from '@oclif/core/flags';
import { who } from '../arguments.js';
import { answer, listFlags, pageOf, RollcallCommand } from '../base-command.js';
import { historyText } from '../render/history.js';

export default class History extends RollcallCommand {
  static override summary = 'Show what changed about a person, when, and because of what.';
  static override examples = [
    { description: 'Everything that ever changed', command: 'rollcall history hr:E1003' },
    { description: 'One attribute, for a program', command: 'rollcall history hr:E1001 --attribute department --json' },
  ];

  static override args = { who };
  static override flags = {
    ...listFlags,
    attribute: string({ description: 'Only this attribute.', helpValue: 'NAME' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(History);
    const page = pageOf(flags);
    const attribute = flags.attribute === undefined ? {} : { attribute: flags.attribute };
    return this.withReader(flags, async (door, output) => {
      const listing = await door.history(args.who, { ...page, ...attribute });
      return answer(output, { format: 'rollcall.history/1', ...listing }, historyText);
    });
  }
}
