import { needed } from '../../arguments.js';
import { answer, RollcallCommand } from '../../base-command.js';
import { whoDecides } from '../../decision-command.js';
import { onlyTenant } from '../../project.js';
import { resentText } from '../../render/webhooks.js';

export default class WebhookResend extends RollcallCommand {
  static override summary = 'Send one event again to one endpoint, under the same id.';
  static override examples = [
    { description: 'By its number', command: 'rollcall webhook resend whe-01j0000000 3' },
    { description: 'For a program', command: 'rollcall webhook resend whe-01j0000000 3 --json' },
  ];

  static override args = {
    id: needed({ description: 'The endpoint: whe-….' }),
    event: needed({ description: 'The event: evt-…, or its number.' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(WebhookResend);
    return this.withProject(flags, async ({ rollcall, tenants }, output) => {
      const order = { event: args.event, webhook: args.id, by: whoDecides() };
      const { webhooks } = await rollcall.webhooks.resend(onlyTenant(tenants), order);
      return answer(output, { format: 'rollcall.webhook-resend/1', exitCode: 0, webhooks }, resentText);
    });
  }
}
