import { expect } from 'chai';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { listCommands, type ListedCommand } from '#cli/command-list.js';

const snapshot = fileURLToPath(new URL('../../cli/commands.snapshot.json', import.meta.url));

/** The border of the command line: what scripts are written against. */
function borderOf(commands: readonly ListedCommand[]): Record<string, { arguments: string[]; flags: string[] }> {
  return Object.fromEntries(
    commands.map((command) => [
      command.name,
      {
        arguments: command.arguments.map(
          ({ name, isRequired, isMany }) => `${name}${isMany ? '…' : ''}${isRequired ? '' : '?'}`,
        ),
        flags: command.flags.map(
          ({ name, value, isRequired }) => `${name}${value === null ? '' : `=${value}`}${isRequired ? '' : '?'}`,
        ),
      },
    ]),
  );
}

describe('cli/commands', () => {
  let commands: ListedCommand[];
  before(async () => {
    commands = await listCommands();
  });

  it('are those of the snapshot, with their arguments and flags (UPDATE_SNAPSHOTS=1 rewrites it)', async () => {
    const border = borderOf(commands);
    if (process.env.UPDATE_SNAPSHOTS === '1') await writeFile(snapshot, `${JSON.stringify(border, null, 2)}\n`);
    expect(border).to.deep.equal(JSON.parse(await readFile(snapshot, 'utf8')));
  });

  it('have a summary of one sentence and two examples that call themselves', () => {
    for (const { name, summary, examples } of commands) {
      expect(summary, name).to.match(/^[A-Z].*\.$/);
      expect(examples, name).to.have.length(2);
      for (const { command, description } of examples) {
        expect(`${command} `, name).to.match(new RegExp(`^rollcall ${name} `));
        expect(description, name).to.not.equal('');
      }
    }
  });

  it('describe every argument and flag, and have the global ones', () => {
    for (const { name, arguments: args, flags } of commands) {
      for (const input of [...args, ...flags])
        expect(input.description, `${name} ${input.name}`).to.match(/^[A-Z].*\.$/);
      const global = flags.filter(({ isGlobal }) => isGlobal).map((flag) => flag.name);
      expect(global, name).to.deep.equal(['--json', '--no-color', '--project', '--quiet', '--tenant']);
    }
  });

  it('page alike wherever they list', () => {
    for (const { name, flags } of commands.filter((command) => command.flags.some((flag) => flag.name === '--limit'))) {
      expect(
        flags.map((flag) => flag.name),
        name,
      ).to.include.members(['--after', '--limit']);
    }
  });
});
