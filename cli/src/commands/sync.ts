import { boolean } from '@oclif/core/flags';
import type { SyncDocument } from '@rollcall/core';
import { anyNumber } from '../arguments.js';
import { answer, RollcallCommand } from '../base-command.js';
import { everyTenant, stoppedBy } from '../every-tenant.js';
import { directoriesOfTenants } from '../named-directories.js';
import { syncText } from '../render/runs.js';
import { tellRunErrors } from '../run-errors.js';
import { joinSyncs } from '../several-tenants.js';

export default class Sync extends RollcallCommand {
  static override summary = 'Read the directories and bring everybody up to date.';
  static override description =
    'Reads the directories of the tenant in their order, one after the other. What is as it was costs nothing; a doubted read changes nobody.';
  static override examples = [
    { description: 'All directories', command: 'rollcall sync' },
    { description: 'One directory, even if its newest file was read already', command: 'rollcall sync hr --full' },
  ];

  static override args = { directory: anyNumber({ description: 'Names of directories; all when left out.' }) };
  static override flags = {
    full: boolean({ description: 'Read even what was accepted already.' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Sync);
    return this.withProject(flags, async (project, output) => {
      const directories = directoriesOfTenants(project, args.directory ?? []);
      const answers = await everyTenant(directories.project, this.interruption, (door) =>
        door.sync({
          ...directories.of(door.tenant),
          full: flags.full,
          signal: this.interruption.signal,
          progress: output.progress,
        }),
      );
      const [only] = answers;
      const document: SyncDocument =
        only !== undefined && answers.length === 1 && 'document' in only ? only.document : await joinSyncs(answers);
      await tellRunErrors(output, document.runs);
      return answer(output, { ...document, exitCode: stoppedBy(document.exitCode, this.interruption) }, syncText);
    });
  }
}
