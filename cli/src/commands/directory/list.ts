import { answer, RollcallCommand } from '../../base-command.js';
import { directoriesText } from '../../render/directories.js';

export default class DirectoryList extends RollcallCommand {
  static override summary = 'List the directories of a tenant: mode, records, last run.';
  static override examples = [
    { description: 'All directories', command: 'rollcall directory list' },
    { description: 'For a program', command: 'rollcall directory list --json' },
  ];

  async run(): Promise<number> {
    const { flags } = await this.parse(DirectoryList);
    return this.withReader(flags, async (door, output) => {
      const items = await door.directories.list();
      return answer(output, { format: 'rollcall.directory-list/1', next: null, items }, directoriesText);
    });
  }
}
