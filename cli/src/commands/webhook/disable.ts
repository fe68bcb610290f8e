import { needed } from '../../arguments.js';
import { answer, RollcallCommand } from '../../base-command.js';
import { whoDecides } from '../../decision-command.js';
import { onlyTenant } from '../../project.js';
import { webhookText } from '../../render/webhooks.js';

export default class WebhookDisable extends RollcallCommand {
  static override summary = 'Stop telling an endpoint; when it is enabled it goes on where it stopped.';
  static override examples = [
    { description: 'Stop for now', command: 'rollcall webhook disable whe-01j0000000' },
    { description: 'For a program', command: 'rollcall webhook disable whe-01j0000000 --json' },
  ];

  static override args = { id: needed({ description: 'The endpoint: whe-….' }) };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(WebhookDisable);
    return this.withProject(flags, async ({ rollcall, tenants }, output) => {
      const webhook = await rollcall.webhooks.disable(onlyTenant(tenants), args.id, whoDecides());
      return answer(output, { format: 'rollcall.webhook-disable/1', exitCode: 0, webhook }, webhookText);
    });
  }
}
