import { boolean, string } from '@oclif/core/flags';
import type { ApiKeyRight, ConsumerWishes } from '@rollcall/core';
import { needed } from '../../arguments.js';
import { answer, RollcallCommand } from '../../base-command.js';
import { whoDecides } from '../../decision-command.js';
import { onlyTenant } from '../../project.js';
import { issuedKeyText } from '../../render/api-keys.js';
import { instantOf, wordsIn } from '../../values.js';

export default class ApikeyCreate extends RollcallCommand {
  static override summary = 'Make a key for the service; its token is shown this once.';
  static override examples = [
    { description: 'A key that reads one tenant', command: 'rollcall apikey create intranet' },
    {
      description: 'One that reads and writes in all tenants until a given day',
      command: 'rollcall apikey create deploy --all-tenants --rights read,write --until 2099-12-31 --json',
    },
  ];

  static override args = { name: needed({ description: 'What uses the key; for people.' }) };
  static override flags = {
    rights: string({ description: 'What it may do: read, write, admin.', helpValue: 'LIST', default: 'read' }),
    tenants: string({ description: 'Tenants that it is good for; else the one of --tenant.', helpValue: 'LIST' }),
    'all-tenants': boolean({ description: 'Good for all tenants, later ones too.', exclusive: ['tenants'] }),
    inactive: string({
      description: 'How the WorkOS-compatible API shows who is inactive: kept as inactive, or told as deleted.',
      options: ['kept', 'deleted'],
      default: 'kept',
    }),
    'generic-type': boolean({ description: 'There, show directory types that few programs know as a generic one.' }),
    until: string({ description: 'When it ends; never when left out.', helpValue: 'INSTANT' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(ApikeyCreate);
    const until = flags.until === undefined ? {} : { expiresAt: instantOf('--until', flags.until) };
    return this.withProject(flags, async ({ rollcall, tenants }, output) => {
      const named = flags.tenants === undefined ? null : wordsIn(flags.tenants);
      const issued = await rollcall.apiKeys.create({
        name: args.name,
        tenants: flags['all-tenants'] ? null : (named ?? [onlyTenant(tenants)]),
        rights: wordsIn(flags.rights) as ApiKeyRight[],
        consumer: { inactive: flags.inactive as ConsumerWishes['inactive'], genericType: flags['generic-type'] },
        by: whoDecides(),
        ...until,
      });
      return answer(output, { format: 'rollcall.apikey-create/1', exitCode: 0, ...issued }, issuedKeyText);
    });
  }
}
