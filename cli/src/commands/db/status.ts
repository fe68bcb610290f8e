import { answer, RollcallCommand } from '../../base-command.js';
import { lines, nextStep } from '../../render/words.js';

export default class DbStatus extends RollcallCommand {
  static override summary = 'Show the version of the database and what is still to migrate.';
  static override examples = [
    { description: 'The state of the database', command: 'rollcall db status' },
    { description: 'For a program', command: 'rollcall db status --json' },
  ];

  async run(): Promise<number> {
    const { flags } = await this.parse(DbStatus);
    return this.withProject(flags, async ({ rollcall }, output) => {
      const status = await rollcall.database.status();
      return answer(output, { format: 'rollcall.db-status/1', exitCode: 0, ...status }, (document, screen) =>
        lines(
          `${screen.safe(document.client)}, version ${document.version} of ${document.known}`,
          ...document.pending.map((name) => `  to do: ${screen.safe(name)}`),
          document.pending.length === 0 ? '' : nextStep(screen, 'Bring it up to date', 'db:migrate'),
        ),
      );
    });
  }
}
