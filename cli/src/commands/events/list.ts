import { string } from '@oclif/core/flags';
import { answer, listFlags, RollcallCommand } from '../../base-command.js';
import { eventsText } from '../../render/events.js';
import { wholeNumberOf } from '../../values.js';

export default class EventsList extends RollcallCommand {
  static override summary = 'List what consumers see of the changes, in order and without gaps.';
  static override examples = [
    { description: 'The first events', command: 'rollcall events list --limit 20' },
    {
      description: 'Who was created, after event 3, for a program',
      command: 'rollcall events list --type user.created --after 3 --json',
    },
  ];

  static override flags = {
    ...listFlags,
    after: string({ description: 'Only events after this sequence number.', helpValue: 'N' }),
    type: string({ description: 'Only events of this type, such as user.deactivated.', helpValue: 'TYPE' }),
  };

  async run(): Promise<number> {
    const { flags } = await this.parse(EventsList);
    const limit = wholeNumberOf('--limit', flags.limit, 1);
    const after = flags.after === undefined ? {} : { after: wholeNumberOf('--after', flags.after, 0) };
    const type = flags.type === undefined ? {} : { type: flags.type };
    return this.withReader(flags, async (door, output) => {
      const listing = await door.events({ limit, ...after, ...type });
      return answer(output, { format: 'rollcall.events/1', ...listing }, eventsText);
    });
  }
}
