import { string } from '@oclif/core/flags';
import { needed } from '../../arguments.js';
import { answer, RollcallCommand } from '../../base-command.js';
import { whoDecides } from '../../decision-command.js';
import { onlyTenant } from '../../project.js';
import { issuedWebhookText } from '../../render/webhooks.js';
import { wordsIn } from '../../values.js';

export default class WebhookCreate extends RollcallCommand {
  static override summary = 'Tell an address of what happens from now on; its signing secret is shown this once.';
  static override description =
    'Addresses are https on port 443 or 8443 and public; others only where rollcall.config.yaml allows their host under "webhooks".';
  static override examples = [
    { description: 'All events', command: 'rollcall webhook create https://app.example/webhooks' },
    {
      description: 'Who comes and goes, for a program',
      command: 'rollcall webhook create https://app.example/people --types user.*,membership.removed --json',
    },
  ];

  static override args = { url: needed({ description: 'Where the events are sent.' }) };
  static override flags = {
    types: string({ description: 'Types of events, or patterns such as user.*; else all.', helpValue: 'LIST' }),
    format: string({ description: 'The form of the bodies.', helpValue: 'NAME', default: 'rollcall' }),
    description: string({ description: 'What people shall recognise it by.', helpValue: 'TEXT', default: '' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(WebhookCreate);
    const types = flags.types === undefined ? null : wordsIn(flags.types);
    return this.withProject(flags, async ({ rollcall, tenants }, output) => {
      const { format, description } = flags;
      const request = { url: args.url, types, format, description, by: whoDecides() };
      const issued = await rollcall.webhooks.create(onlyTenant(tenants), request);
      return answer(output, { format: 'rollcall.webhook-create/1', exitCode: 0, ...issued }, issuedWebhookText);
    });
  }
}
