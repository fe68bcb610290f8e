import { string } from '@oclif/core/flags';
import { who } from '../arguments.js';
import { answer, RollcallCommand } from '../base-command.js';
import { explainText, type Explained, type ExplainAnswer } from '../render/explain.js';
import { nameOf } from '../render/users.js';
import { instantOf } from '../values.js';

export default class Explain extends RollcallCommand {
  static override summary =
    'Explain why a person is as they are: which record, mapping line and rule, and who disagrees.';
  static override examples = [
    { description: 'Why Alan is inactive', command: 'rollcall explain hr:E1003 --attribute active' },
    { description: 'All values, for a program', command: 'rollcall explain userName=ada --json' },
  ];

  static override args = { who };
  static override flags = {
    attribute: string({ description: 'Only this attribute, such as active or employment.status.', helpValue: 'NAME' }),
    at: string({ description: 'Explain the person as of this instant.', helpValue: 'INSTANT' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Explain);
    const at = flags.at === undefined ? {} : { at: instantOf('--at', flags.at) };
    const attribute = flags.attribute === undefined ? {} : { attribute: flags.attribute };
    return this.withReader(flags, async (door, output) => {
      const explanation = await door.explain(args.who, { ...attribute, ...at });
      const document = { format: 'rollcall.explain/1', ...explanation } as unknown as ExplainAnswer;
      if (output.flags.json) return answer(output, document, () => '');
      const user = await door.users.show(document.user, at.at);
      const explained: Explained = { name: nameOf(user), who: args.who };
      return answer(output, document, (given, screen) => explainText(given, explained, screen));
    });
  }
}
