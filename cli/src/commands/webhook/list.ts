import { boolean } from '@oclif/core/flags';
import { answer, listFlags, pageOf, RollcallCommand } from '../../base-command.js';
import { onlyTenant } from '../../project.js';
import { webhooksText } from '../../render/webhooks.js';

export default class WebhookList extends RollcallCommand {
  static override summary = 'List the addresses that are told of events, and how far each is.';
  static override examples = [
    { description: 'Those that are not removed', command: 'rollcall webhook list' },
    { description: 'Removed ones, too, for a program', command: 'rollcall webhook list --all --json' },
  ];

  static override flags = {
    ...listFlags,
    all: boolean({ description: 'Removed endpoints, too.' }),
  };

  async run(): Promise<number> {
    const { flags } = await this.parse(WebhookList);
    const page = pageOf(flags);
    return this.withProject(flags, async ({ rollcall, tenants }, output) => {
      const listing = await rollcall.webhooks.list(onlyTenant(tenants), { ...page, all: flags.all });
      return answer(output, { format: 'rollcall.webhook-list/1', ...listing }, webhooksText);
    });
  }
}
