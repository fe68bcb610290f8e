import { boolean } from '@oclif/core/flags';
import { needed } from '../../arguments.js';
import { answer, RollcallCommand } from '../../base-command.js';
import { whoDecides } from '../../decision-command.js';
import { onlyTenant } from '../../project.js';
import { webhookText } from '../../render/webhooks.js';

export default class WebhookEnable extends RollcallCommand {
  static override summary = 'Tell an endpoint again: what it missed comes first, in order.';
  static override examples = [
    { description: 'Everything since it was disabled', command: 'rollcall webhook enable whe-01j0000000' },
    {
      description: 'Without what had failed, for a program',
      command: 'rollcall webhook enable whe-01j0000000 --skip-failed --json',
    },
  ];

  static override args = { id: needed({ description: 'The endpoint: whe-….' }) };
  static override flags = {
    'skip-failed': boolean({ description: 'What failed until now is not tried again.' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(WebhookEnable);
    return this.withProject(flags, async ({ rollcall, tenants }, output) => {
      const webhook = await rollcall.webhooks.enable(onlyTenant(tenants), args.id, {
        skipFailed: flags['skip-failed'],
        by: whoDecides(),
      });
      return answer(output, { format: 'rollcall.webhook-enable/1', exitCode: 0, webhook }, webhookText);
    });
  }
}
