import { needed } from '../../arguments.js';
import { answer, RollcallCommand } from '../../base-command.js';
import { onlyTenant } from '../../project.js';
import { webhookText } from '../../render/webhooks.js';

export default class WebhookShow extends RollcallCommand {
  static override summary = 'Show one endpoint: what it is told of, and how far it is.';
  static override examples = [
    { description: 'For people', command: 'rollcall webhook show whe-01j0000000' },
    { description: 'For a program', command: 'rollcall webhook show whe-01j0000000 --json' },
  ];

  static override args = { id: needed({ description: 'The endpoint: whe-….' }) };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(WebhookShow);
    return this.withProject(flags, async ({ rollcall, tenants }, output) => {
      const webhook = await rollcall.webhooks.show(onlyTenant(tenants), args.id);
      return answer(output, { format: 'rollcall.webhook-show/1', exitCode: 0, webhook }, webhookText);
    });
  }
}
