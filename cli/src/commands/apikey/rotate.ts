import { string } from '@oclif/core/flags';
import { needed } from '../../arguments.js';
import { answer, RollcallCommand } from '../../base-command.js';
import { whoDecides } from '../../decision-command.js';
import { issuedKeyText } from '../../render/api-keys.js';
import { wholeNumberOf } from '../../values.js';

export default class ApikeyRotate extends RollcallCommand {
  static override summary = 'Give a key a new token; the old one stays good for a while.';
  static override examples = [
    { description: 'The old token is good for another day', command: 'rollcall apikey rotate key-01j0000000' },
    {
      description: 'The old token ends at once, for a program',
      command: 'rollcall apikey rotate key-01j0000000 --overlap-hours 0 --json',
    },
  ];

  static override args = { key: needed({ description: 'The key: key-…, or the prefix of its token, rck_….' }) };
  static override flags = {
    'overlap-hours': string({
      description: 'Hours for which the old token stays good.',
      helpValue: 'N',
      default: '24',
    }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(ApikeyRotate);
    const overlapSeconds = wholeNumberOf('--overlap-hours', flags['overlap-hours'], 0) * 3_600;
    return this.withProject(flags, async ({ rollcall }, output) => {
      const issued = await rollcall.apiKeys.rotate(args.key, { overlapSeconds, by: whoDecides() });
      return answer(output, { format: 'rollcall.apikey-rotate/1', exitCode: 0, ...issued }, issuedKeyText);
    });
  }
}
