import { boolean, string } from '@oclif/core/flags';
import { answer, listFlags, pageOf, RollcallCommand } from '../../base-command.js';
import { optional } from '../../arguments.js';
import { onlyTenant } from '../../project.js';
import { deliveriesText } from '../../render/webhooks.js';

export default class WebhookDeliveries extends RollcallCommand {
  static override summary = 'List what was sent and how it was answered, the latest first; kept for 30 days.';
  static override examples = [
    { description: 'To all endpoints', command: 'rollcall webhook deliveries' },
    { description: 'What failed, for a program', command: 'rollcall webhook deliveries --failed --json' },
  ];

  static override args = { id: optional({ description: 'The endpoint: whe-…; else all.' }) };
  static override flags = {
    ...listFlags,
    event: string({ description: 'Of one event: evt-….', helpValue: 'ID' }),
    failed: boolean({ description: 'Only what failed.' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(WebhookDeliveries);
    const filters = {
      ...pageOf(flags),
      ...(args.id === undefined ? {} : { webhook: args.id }),
      ...(flags.event === undefined ? {} : { event: flags.event }),
      failed: flags.failed,
    };
    return this.withProject(flags, async ({ rollcall, tenants }, output) => {
      const listing = await rollcall.webhooks.deliveries(onlyTenant(tenants), filters);
      return answer(output, { format: 'rollcall.webhook-deliveries/1', ...listing }, deliveriesText);
    });
  }
}
