import { RollcallCommand } from '../base-command.js';
import { answerFindings } from '../findings.js';

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
      return answerFindings(output, await rollcall.doctor(chosen), 'Nothing is wrong.');
    });
  }
}
