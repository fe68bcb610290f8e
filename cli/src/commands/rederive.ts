import { boolean } from '@oclif/core/flags';
import { anyNumber } from '../arguments.js';
import { answer, RollcallCommand } from '../base-command.js';
import { stoppedBy } from '../every-tenant.js';
import { planText } from '../render/plan.js';
import { syncText } from '../render/runs.js';
import { tellRunErrors } from '../run-errors.js';

export default class Rederive extends RollcallCommand {
  static override summary =
    'Derive people again from the records that are kept, after a mapping or the rules changed; reads no source.';
  static override examples = [
    { description: 'Who would change', command: 'rollcall rederive --plan' },
    { description: 'Everything of one directory', command: 'rollcall rederive hr' },
  ];

  static override args = {
    directory: anyNumber({ description: 'Names of directories; without one, what apply left to do.' }),
  };
  static override flags = {
    plan: boolean({ description: 'Show who would change, and change nobody.' }),
    'detailed-exitcode': boolean({
      description: 'With --plan: exit with 2 when there would be changes.',
      dependsOn: ['plan'],
    }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Rederive);
    return this.withTenant(flags, async (door, output) => {
      const options = {
        ...(args.directory === undefined ? {} : { directories: args.directory }),
        signal: this.interruption.signal,
        progress: output.progress,
      };
      if (flags.plan) {
        const plan = await door.rederive({ ...options, plan: true, detailedExitCode: flags['detailed-exitcode'] });
        await tellRunErrors(output, plan.runs);
        const exitCode = stoppedBy(plan.exitCode, this.interruption);
        return answer(output, { ...plan, exitCode }, (shown, screen) =>
          planText(shown, screen, { id: 'rederive', rest: args.directory ?? [] }),
        );
      }
      const done = await door.rederive({ ...options, plan: false });
      await tellRunErrors(output, done.runs);
      const exitCode = stoppedBy(done.exitCode, this.interruption);
      return answer(output, { ...done, format: 'rollcall.rederive/1', exitCode }, syncText);
    });
  }
}
