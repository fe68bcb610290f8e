import { answer, RollcallCommand } from '../../base-command.js';
import { scheduleText } from '../../render/schedule.js';

export default class SyncStatus extends RollcallCommand {
  static override summary =
    'Show when the service reads each directory, how the last run went, and how old its answer is.';
  static override description =
    'Empty until "rollcall serve" has looked at the tenant for the first time. A directory is stale when its latest whole read is older than three of its intervals.';
  static override examples = [
    { description: 'All directories of the tenant', command: 'rollcall sync status' },
    { description: 'For a program', command: 'rollcall sync status --json' },
  ];

  async run(): Promise<number> {
    const { flags } = await this.parse(SyncStatus);
    return this.withReader(flags, async (door, output) => {
      const items = await door.directories.schedule();
      return answer(output, { format: 'rollcall.schedule/1', next: null, items }, scheduleText);
    });
  }
}
