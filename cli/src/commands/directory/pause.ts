import { needed } from '../../arguments.js';
import { answer, RollcallCommand } from '../../base-command.js';
import { nextStep, paragraphs } from '../../render/words.js';

export default class DirectoryPause extends RollcallCommand {
  static override summary = 'Stop reading a directory until it is resumed; nobody changes.';
  static override examples = [
    { description: 'Stop reading HR', command: 'rollcall directory pause hr' },
    { description: 'For a program', command: 'rollcall directory pause it --json' },
  ];

  static override args = { name: needed({ description: 'Name of the directory.' }) };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(DirectoryPause);
    return this.withTenant(flags, async (door, output) => {
      const directory = await door.directories.pause(args.name);
      return answer(output, { format: 'rollcall.directory-pause/1', exitCode: 0, directory }, (document, screen) =>
        paragraphs(
          `${screen.safe(document.directory.directory)} is paused: sync skips it.`,
          nextStep(screen, 'Read it again later', 'directory:resume', screen.safe(args.name)),
        ),
      );
    });
  }
}
