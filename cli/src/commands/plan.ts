import { boolean, string } from '@oclif/core/flags';
import { anyNumber } from '../arguments.js';
import { answer, RollcallCommand } from '../base-command.js';
import { everyTenant, stoppedBy } from '../every-tenant.js';
import { directoriesOfTenants } from '../named-directories.js';
import { refuseUnwritable, writePlan } from '../plan-file.js';
import { planText } from '../render/plan.js';
import { tellRunErrors } from '../run-errors.js';
import { joinPlans } from '../several-tenants.js';

export default class Plan extends RollcallCommand {
  static override summary = 'Read the directories and show what sync would change; nobody changes.';
  static override description =
    'What was read is kept as evidence and waits: sync applies it, or apply FILE exactly what was shown.';
  static override examples = [
    { description: 'What would happen now', command: 'rollcall plan' },
    {
      description: 'Keep it, and tell by exit code 2 whether anything would change',
      command: 'rollcall plan hr --detailed-exitcode --out plan.json',
    },
  ];

  static override args = { directory: anyNumber({ description: 'Names of directories; all when left out.' }) };
  static override flags = {
    'detailed-exitcode': boolean({ description: 'Exit with 2 when there would be changes.' }),
    out: string({ description: 'Write the plan to this file, for rollcall apply FILE.', helpValue: 'FILE' }),
    full: boolean({ description: 'Read even what was accepted already.' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Plan);
    if (flags.out !== undefined) await refuseUnwritable(flags.out);
    return this.withProject(flags, async (project, output) => {
      const directories = directoriesOfTenants(project, args.directory ?? []);
      const answers = await everyTenant(directories.project, this.interruption, (door) =>
        door.plan({
          ...directories.of(door.tenant),
          full: flags.full,
          signal: this.interruption.signal,
          progress: output.progress,
          detailedExitCode: flags['detailed-exitcode'],
        }),
      );
      const [only] = answers;
      const plan =
        only !== undefined && answers.length === 1 && 'document' in only ? only.document : await joinPlans(answers);
      const exitCode = stoppedBy(plan.exitCode, this.interruption);
      const document = { ...plan, exitCode };
      if (flags.out !== undefined) await writePlan(flags.out, document);
      await tellRunErrors(output, document.runs);
      const next =
        flags.out === undefined ? { id: 'sync', rest: args.directory ?? [] } : { id: 'apply', rest: [flags.out] };
      return answer(output, document, (shown, screen) => planText(shown, screen, next));
    });
  }
}
