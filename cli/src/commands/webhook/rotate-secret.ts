import { string } from '@oclif/core/flags';
import { needed } from '../../arguments.js';
import { answer, RollcallCommand } from '../../base-command.js';
import { whoDecides } from '../../decision-command.js';
import { onlyTenant } from '../../project.js';
import { issuedWebhookText } from '../../render/webhooks.js';
import { wholeNumberOf } from '../../values.js';

export default class WebhookRotateSecret extends RollcallCommand {
  static override summary = 'Give an endpoint a new signing secret; the old one stays good for a while.';
  static override description =
    'While both are good, webhook-signature carries a signature for each, and WorkOS-Signature, which has room for one, that of the old one.';
  static override examples = [
    { description: 'The old secret is good for another day', command: 'rollcall webhook rotate-secret whe-01j0000000' },
    {
      description: 'It ends at once, for a program',
      command: 'rollcall webhook rotate-secret whe-01j0000000 --overlap-hours 0 --json',
    },
  ];

  static override args = { id: needed({ description: 'The endpoint: whe-….' }) };
  static override flags = {
    'overlap-hours': string({
      description: 'Hours for which the old secret stays good.',
      helpValue: 'N',
      default: '24',
    }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(WebhookRotateSecret);
    const overlapSeconds = wholeNumberOf('--overlap-hours', flags['overlap-hours'], 0) * 3_600;
    return this.withProject(flags, async ({ rollcall, tenants }, output) => {
      const options = { overlapSeconds, by: whoDecides() };
      const issued = await rollcall.webhooks.rotateSecret(onlyTenant(tenants), args.id, options);
      return answer(output, { format: 'rollcall.webhook-rotate-secret/1', exitCode: 0, ...issued }, issuedWebhookText);
    });
  }
}
