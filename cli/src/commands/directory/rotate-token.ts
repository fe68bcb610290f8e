import { string } from '@oclif/core/flags';
import { needed } from '../../arguments.js';
import { answer, RollcallCommand } from '../../base-command.js';
import { whoDecides } from '../../decision-command.js';
import { issuedTokenText } from '../../render/directory-tokens.js';
import { wholeNumberOf } from '../../values.js';

export default class DirectoryRotateToken extends RollcallCommand {
  static override summary =
    'Give a directory a new token by which its provider pushes; the old ones stay good for a while.';
  static override description =
    'The first one is made by the same command. The token is shown this one time; enter it at the provider before the old ones end.';
  static override examples = [
    { description: 'The old tokens are good for another day', command: 'rollcall directory rotate-token okta' },
    {
      description: 'They end at once, for a program',
      command: 'rollcall directory rotate-token okta --overlap-hours 0 --label "okta 2026" --json',
    },
  ];

  static override args = { name: needed({ description: 'Name of the directory.' }) };
  static override flags = {
    'overlap-hours': string({
      description: 'Hours for which the old tokens stay good.',
      helpValue: 'N',
      default: '24',
    }),
    label: string({ description: 'What people shall recognise it by.', helpValue: 'TEXT', default: '' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(DirectoryRotateToken);
    const overlapSeconds = wholeNumberOf('--overlap-hours', flags['overlap-hours'], 0) * 3_600;
    return this.withTenant(flags, async (door, output) => {
      const request = { overlapSeconds, label: flags.label, by: whoDecides() };
      const issued = await door.directories.rotateToken(args.name, request);
      return answer(output, { format: 'rollcall.directory-rotate-token/1', exitCode: 0, ...issued }, issuedTokenText);
    });
  }
}
