import { needed } from '../../arguments.js';
import { answer, RollcallCommand } from '../../base-command.js';
import { whoDecides } from '../../decision-command.js';
import { revokedKeyText } from '../../render/api-keys.js';

export default class ApikeyRevoke extends RollcallCommand {
  static override summary = 'End a key with all its tokens, at once and for good.';
  static override examples = [
    { description: 'By its id', command: 'rollcall apikey revoke key-01j0000000' },
    { description: 'For a program', command: 'rollcall apikey revoke key-01j0000000 --json' },
  ];

  static override args = { key: needed({ description: 'The key: key-…, or the prefix of its token, rck_….' }) };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(ApikeyRevoke);
    return this.withProject(flags, async ({ rollcall }, output) => {
      const apiKey = await rollcall.apiKeys.revoke(args.key, whoDecides());
      return answer(output, { format: 'rollcall.apikey-revoke/1', exitCode: 0, apiKey }, revokedKeyText);
    });
  }
}
