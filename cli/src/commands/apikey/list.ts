import { boolean } from '@oclif/core/flags';
import { answer, listFlags, pageOf, RollcallCommand } from '../../base-command.js';
import { apiKeysText } from '../../render/api-keys.js';

export default class ApikeyList extends RollcallCommand {
  static override summary = 'List the keys of the service, of all tenants.';
  static override examples = [
    { description: 'Those that are not revoked', command: 'rollcall apikey list' },
    { description: 'Revoked ones, too, for a program', command: 'rollcall apikey list --all --json' },
  ];

  static override flags = {
    ...listFlags,
    all: boolean({ description: 'Revoked keys, too.' }),
  };

  async run(): Promise<number> {
    const { flags } = await this.parse(ApikeyList);
    const page = pageOf(flags);
    return this.withProject(flags, async ({ rollcall }, output) => {
      const listing = await rollcall.apiKeys.list({ ...page, all: flags.all });
      return answer(output, { format: 'rollcall.apikey-list/1', ...listing }, apiKeysText);
    });
  }
}
