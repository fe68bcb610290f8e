import { boolean, string } from '@oclif/core/flags';
import { needed } from '../../arguments.js';
import { answer, RollcallCommand } from '../../base-command.js';
import { whoDecides } from '../../decision-command.js';
import { onlyTenant } from '../../project.js';
import { webhookText } from '../../render/webhooks.js';
import { wordsIn } from '../../values.js';

export default class WebhookUpdate extends RollcallCommand {
  static override summary = 'Change the address, the types or the description of an endpoint.';
  static override examples = [
    {
      description: 'Another address',
      command: 'rollcall webhook update whe-01j0000000 --url https://app.example/v2/webhooks',
    },
    {
      description: 'All types again, for a program',
      command: 'rollcall webhook update whe-01j0000000 --all-types --json',
    },
  ];

  static override args = { id: needed({ description: 'The endpoint: whe-….' }) };
  static override flags = {
    url: string({ description: 'Where the events are sent from now on.', helpValue: 'URL' }),
    types: string({ description: 'Types of events, or patterns such as user.*.', helpValue: 'LIST' }),
    'all-types': boolean({ description: 'All types.', exclusive: ['types'] }),
    description: string({ description: 'What people shall recognise it by.', helpValue: 'TEXT' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(WebhookUpdate);
    const changes = {
      ...(flags.url === undefined ? {} : { url: flags.url }),
      ...(flags.description === undefined ? {} : { description: flags.description }),
      ...(flags.types === undefined ? {} : { types: wordsIn(flags.types) }),
      ...(flags['all-types'] ? { types: null } : {}),
    };
    return this.withProject(flags, async ({ rollcall, tenants }, output) => {
      const webhook = await rollcall.webhooks.update(onlyTenant(tenants), args.id, { ...changes, by: whoDecides() });
      return answer(output, { format: 'rollcall.webhook-update/1', exitCode: 0, webhook }, webhookText);
    });
  }
}
