import { needed } from '../../arguments.js';
import { answer, RollcallCommand } from '../../base-command.js';
import { whoDecides } from '../../decision-command.js';
import { revokedTokenText } from '../../render/directory-tokens.js';

export default class DirectoryRevokeToken extends RollcallCommand {
  static override summary = 'End one token of a directory at once.';
  static override examples = [
    { description: 'One that leaked', command: 'rollcall directory revoke-token okta rcd_0123456789ab' },
    { description: 'For a program', command: 'rollcall directory revoke-token okta dtk-01j0000000 --json' },
  ];

  static override args = {
    name: needed({ description: 'Name of the directory.' }),
    token: needed({ description: 'The token: dtk-…, or its prefix, rcd_….' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(DirectoryRevokeToken);
    return this.withTenant(flags, async (door, output) => {
      const directoryToken = await door.directories.revokeToken(args.name, args.token, whoDecides());
      return answer(
        output,
        { format: 'rollcall.directory-revoke-token/1', exitCode: 0, directoryToken },
        revokedTokenText,
      );
    });
  }
}
