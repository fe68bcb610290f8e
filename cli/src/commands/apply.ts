import { boolean } from '@oclif/core/flags';
import { string } from '@oclif/core/args';
import type { ApplyDocument } from '@rollcall/core';
import { answer, RollcallCommand, type GlobalFlags } from '../base-command.js';
import { confirmed } from '../confirm.js';
import type { Output } from '../output.js';
import { applyPlanFile } from '../plan-file.js';
import { withoutFile, type OpenProject } from '../project.js';
import { applyText, isUnchanged } from '../render/apply.js';
import { UsageError } from '../usage-error.js';

interface ApplyFlags extends GlobalFlags {
  plan: boolean;
  yes: boolean;
}

export default class Apply extends RollcallCommand {
  static override summary =
    'Store the configuration, mappings and rules of the project; nothing takes effect without it.';
  static override examples = [
    { description: 'See what would be stored', command: 'rollcall apply --plan' },
    { description: 'Store it without being asked', command: 'rollcall apply --yes' },
  ];

  static override args = {
    file: string({
      description: 'A plan that rollcall plan --out wrote: apply exactly that.',
      ignoreStdin: true,
    }),
  };

  static override flags = {
    plan: boolean({ description: 'Show what would be stored, and store nothing.', exclusive: ['yes'] }),
    yes: boolean({ description: 'Do not ask. Needed where nobody can be asked.' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Apply);
    if (!flags.plan && !flags.yes && !this.outputFor(flags).canAsk) {
      throw new UsageError(
        'RC_USAGE_CONFIRMATION_NEEDED',
        'There is no terminal to ask on.',
        'Look with: rollcall apply --plan, then run: rollcall apply --yes',
      );
    }
    if (args.file !== undefined) {
      const { file } = args;
      return this.withProject(flags, (project, output) =>
        applyPlanFile(file, project, output, this.interruption, flags.yes),
      );
    }
    return this.withProject(flags, (project, output) => this.applyFiles(project, output, flags));
  }

  private async applyFiles(
    { rollcall, configuration, tenants }: OpenProject,
    output: Output,
    flags: ApplyFlags,
  ): Promise<number> {
    const chosen = {
      ...configuration,
      tenants: configuration.tenants.filter(({ tenant }) => tenants.includes(tenant)),
    };
    const apply = async (options: { plan?: boolean } = {}): Promise<ApplyDocument> => {
      const document = await rollcall.apply(chosen, options);
      const warnings = flags.tenant === undefined ? await withoutFile(rollcall, configuration) : [];
      return { ...document, warnings };
    };
    if (flags.plan || !flags.yes) {
      const plan = await apply({ plan: true });
      if (flags.plan) return answer<ApplyDocument>(output, plan, applyText);
      const screen = await output.screen('stderr');
      output.warn(applyText(plan, screen));
      if (!isUnchanged(plan) && !(await confirmed('Store this?', output, this.interruption.signal)))
        return answer<ApplyDocument>(output, plan, () => 'Nothing was stored.');
    }
    return answer<ApplyDocument>(output, await apply(), applyText);
  }
}
