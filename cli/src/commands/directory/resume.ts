import { needed } from '../../arguments.js';
import { answer, RollcallCommand } from '../../base-command.js';
import { nextStep, paragraphs } from '../../render/words.js';

export default class DirectoryResume extends RollcallCommand {
  static override summary = 'Read a paused directory again.';
  static override examples = [
    { description: 'Read HR again', command: 'rollcall directory resume hr' },
    { description: 'For a program', command: 'rollcall directory resume it --json' },
  ];

  static override args = { name: needed({ description: 'Name of the directory.' }) };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(DirectoryResume);
    return this.withTenant(flags, async (door, output) => {
      const directory = await door.directories.resume(args.name);
      return answer(output, { format: 'rollcall.directory-resume/1', exitCode: 0, directory }, (document, screen) =>
        paragraphs(
          `${screen.safe(document.directory.directory)} is no longer paused.`,
          nextStep(screen, 'Read it now', 'sync', screen.safe(args.name)),
        ),
      );
    });
  }
}
