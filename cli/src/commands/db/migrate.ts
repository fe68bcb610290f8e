import { answer, RollcallCommand } from '../../base-command.js';
import { counted, lines } from '../../render/words.js';

export default class DbMigrate extends RollcallCommand {
  static override summary = 'Bring the tables of the database to the version of this program.';
  static override examples = [
    { description: 'Migrate', command: 'rollcall db migrate' },
    { description: 'For a program', command: 'rollcall db migrate --json' },
  ];

  async run(): Promise<number> {
    const { flags } = await this.parse(DbMigrate);
    return this.withProject(flags, async ({ rollcall }, output) => {
      const migrated = await rollcall.database.migrate();
      return answer(output, { format: 'rollcall.db-migrate/1', exitCode: 0, migrated }, (document, { safe }) =>
        document.migrated.length === 0
          ? 'The database is up to date.'
          : lines(
              `${counted(document.migrated.length, 'migration')} run:`,
              ...document.migrated.map((name) => `  ${safe(name)}`),
            ),
      );
    });
  }
}
