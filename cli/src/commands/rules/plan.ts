import { boolean } from '@oclif/core/flags';
import { needed } from '../../arguments.js';
import { answer, RollcallCommand } from '../../base-command.js';
import { stoppedBy } from '../../every-tenant.js';
import { readTyped } from '../../mapping-files.js';
import { planText } from '../../render/plan.js';

export default class RulesPlan extends RollcallCommand {
  static override summary = 'Show what other rules would change about the people there are; nothing is saved.';
  static override examples = [
    {
      description: 'Rules in a file of their own: what stands under "rules:"',
      command: 'rollcall rules plan rules.yaml',
    },
    {
      description: 'Tell by exit code 2 whether anything would change',
      command: 'rollcall rules plan rules.yaml --detailed-exitcode --json',
    },
  ];

  static override args = {
    file: needed({ description: 'A rules document: what stands under "rules:" in the tenant file.' }),
  };
  static override flags = {
    'detailed-exitcode': boolean({ description: 'Exit with 2 when there would be changes.' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(RulesPlan);
    const text = await readTyped(args.file);
    return this.withTenant(flags, async (door, output) => {
      const plan = await door.rulesPlan(text, args.file, {
        signal: this.interruption.signal,
        progress: output.progress,
        detailedExitCode: flags['detailed-exitcode'],
      });
      const exitCode = stoppedBy(plan.exitCode, this.interruption);
      return answer(output, { ...plan, exitCode }, (shown, screen) =>
        planText(shown, screen, { id: 'apply', rest: [], reason: 'Once they stand in the files of the tenant' }),
      );
    });
  }
}
