import { RollcallCommand } from '../base-command.js';
import { answerFindings } from '../findings.js';
import { withoutFile } from '../project.js';

export default class Doctor extends RollcallCommand {
  static override summary = 'Look for what is wrong with database, configuration and connectors.';
  static override examples = [
    { description: 'Look', command: 'rollcall doctor' },
    { description: 'For a program', command: 'rollcall doctor --json' },
  ];

  async run(): Promise<number> {
    const { flags } = await this.parse(Doctor);
    return this.withProject(flags, async ({ rollcall, configuration, tenants }, output) => {
      const chosen = {
        ...configuration,
        tenants: configuration.tenants.filter(({ tenant }) => tenants.includes(tenant)),
      };
      const findings = await rollcall.doctor(chosen);
      // A database that cannot be read has been told of already; whoever names a tenant asks about that one.
      const isReadable = !findings.some(({ severity }) => severity === 'error');
      const gone = flags.tenant === undefined && isReadable ? await withoutFile(rollcall, configuration) : [];
      return answerFindings(output, [...findings, ...gone], 'Nothing is wrong.');
    });
  }
}
