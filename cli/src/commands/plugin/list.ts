import { answer, RollcallCommand } from '../../base-command.js';
import { onlyTenant } from '../../project.js';
import { pluginsText } from '../../render/directories.js';

export default class PluginList extends RollcallCommand {
  static override summary = 'List the connectors that this project can use, and where each comes from.';
  static override examples = [
    { description: 'All connectors', command: 'rollcall plugin list' },
    { description: 'For a program', command: 'rollcall plugin list --json' },
  ];

  async run(): Promise<number> {
    const { flags } = await this.parse(PluginList);
    return this.withProject(flags, async ({ rollcall, tenants }, output) => {
      onlyTenant(tenants);
      return answer(
        output,
        { format: 'rollcall.plugin-list/1', next: null, items: rollcall.connectors.list() },
        pluginsText,
      );
    });
  }
}
