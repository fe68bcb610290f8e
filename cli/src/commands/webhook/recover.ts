import { string } from '@oclif/core/flags';
import { needed } from '../../arguments.js';
import { answer, RollcallCommand } from '../../base-command.js';
import { whoDecides } from '../../decision-command.js';
import { onlyTenant } from '../../project.js';
import { recoveredText } from '../../render/webhooks.js';
import { instantOf } from '../../values.js';

export default class WebhookRecover extends RollcallCommand {
  static override summary = 'Send all events since an instant again, in order and under the same ids.';
  static override examples = [
    { description: 'Since a day', command: 'rollcall webhook recover whe-01j0000000 --since 2026-03-09' },
    {
      description: 'Since an instant, for a program',
      command: 'rollcall webhook recover whe-01j0000000 --since 2026-03-09T08:00:00Z --json',
    },
  ];

  static override args = { id: needed({ description: 'The endpoint: whe-….' }) };
  static override flags = {
    since: string({ description: 'Where to begin.', helpValue: 'INSTANT', required: true }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(WebhookRecover);
    const order = { since: instantOf('--since', flags.since), by: whoDecides() };
    return this.withProject(flags, async ({ rollcall, tenants }, output) => {
      const recovered = await rollcall.webhooks.recover(onlyTenant(tenants), args.id, order);
      return answer(output, { format: 'rollcall.webhook-recover/1', exitCode: 0, ...recovered }, recoveredText);
    });
  }
}
