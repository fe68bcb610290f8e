import { RollcallCommand } from '../../base-command.js';
import { answerFindings } from '../../findings.js';
import { onlyTenant } from '../../project.js';

export default class PluginCheck extends RollcallCommand {
  static override summary = 'Load every connector and check what it declares.';
  static override examples = [
    { description: 'All connectors', command: 'rollcall plugin check' },
    { description: 'For a program', command: 'rollcall plugin check --json' },
  ];

  async run(): Promise<number> {
    const { flags } = await this.parse(PluginCheck);
    return this.withProject(flags, async ({ rollcall, tenants }, output) => {
      onlyTenant(tenants);
      return answerFindings(output, await rollcall.connectors.check(), 'Every connector can be used.');
    });
  }
}
