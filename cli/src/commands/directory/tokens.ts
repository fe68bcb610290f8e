import { needed } from '../../arguments.js';
import { answer, RollcallCommand } from '../../base-command.js';
import { directoryTokensText } from '../../render/directory-tokens.js';

export default class DirectoryTokens extends RollcallCommand {
  static override summary = 'List the tokens by which a provider pushes to a directory; themselves they are not shown.';
  static override examples = [
    { description: 'Which are good, and when each was used', command: 'rollcall directory tokens okta' },
    { description: 'For a program', command: 'rollcall directory tokens okta --json' },
  ];

  static override args = { name: needed({ description: 'Name of the directory.' }) };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(DirectoryTokens);
    return this.withTenant(flags, async (door, output) => {
      const items = await door.directories.tokens(args.name);
      return answer(output, { format: 'rollcall.directory-tokens/1', next: null, items }, directoryTokensText);
    });
  }
}
