import { needed } from '../../arguments.js';
import { answer, RollcallCommand } from '../../base-command.js';
import { whoDecides } from '../../decision-command.js';
import { onlyTenant } from '../../project.js';
import { webhookText } from '../../render/webhooks.js';

export default class WebhookRemove extends RollcallCommand {
  static override summary = 'Stop telling an endpoint for good; its deliveries stay listed.';
  static override examples = [
    { description: 'For people', command: 'rollcall webhook remove whe-01j0000000' },
    { description: 'For a program', command: 'rollcall webhook remove whe-01j0000000 --json' },
  ];

  static override args = { id: needed({ description: 'The endpoint: whe-….' }) };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(WebhookRemove);
    return this.withProject(flags, async ({ rollcall, tenants }, output) => {
      const webhook = await rollcall.webhooks.remove(onlyTenant(tenants), args.id, whoDecides());
      return answer(output, { format: 'rollcall.webhook-remove/1', exitCode: 0, webhook }, webhookText);
    });
  }
}
