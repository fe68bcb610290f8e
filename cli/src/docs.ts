import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { listCommands, type ListedCommand, type ListedInput } from './command-list.js';
import { DOCUMENTS } from './documents.js';

const HEAD = `# Commands

<!-- Written by \`npm run docs -w rollcall\`; do not edit. -->

Every command answers with exactly one JSON document on stdout when it is given \`--json\`, for failures too; text for
people, progress and log go to stderr. The documents and the exit codes are described in [contract.md](contract.md).
`;

/** \`rollcall sync [DIRECTORY…] [--full]\` */
function usageOf({ name, arguments: args, flags }: ListedCommand): string {
  const words = args.map((arg) => {
    const word = arg.isMany ? `${arg.name}…` : arg.name;
    return arg.isRequired ? word : `[${word}]`;
  });
  const own = flags
    .filter(({ isGlobal }) => !isGlobal)
    .map((flag) => (flag.isRequired ? flagText(flag) : `[${flagText(flag)}]`));
  return ['rollcall', name, ...words, ...own].join(' ');
}

function flagText({ name, value }: ListedInput): string {
  return value === null ? name : `${name} ${value}`;
}

function inputLine(input: ListedInput): string {
  return `- \`${input.name.startsWith('--') ? flagText(input) : input.name}\`${input.isRequired ? ' (needed)' : ''}: ${input.description}`;
}

function commandText(command: ListedCommand): string {
  const inputs = [...command.arguments, ...command.flags.filter(({ isGlobal }) => !isGlobal)];
  const examples = command.examples.map(({ description, command: line }) => `# ${description}\n${line}`);
  const parts = [
    `## ${command.name}`,
    command.summary,
    command.description,
    `\`\`\`text\n${usageOf(command)}\n\`\`\``,
    inputs.map(inputLine).join('\n'),
    `\`\`\`sh\n${examples.join('\n\n')}\n\`\`\``,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function documentsText(): string {
  const texts = Object.entries(DOCUMENTS).map(([format, keys]) => {
    const lines = Object.entries(keys).map(([key, text]) => `- \`${key}\`: ${text}`);
    return `### ${format}\n\n${lines.join('\n')}`;
  });
  return ['## Documents', 'Those that contract.md does not show; keys may be added.', ...texts].join('\n\n');
}

/** The reference of all commands, from the commands themselves. */
export async function commandReference(): Promise<string> {
  const commands = await listCommands();
  const global = commands[0]?.flags.filter(({ isGlobal }) => isGlobal) ?? [];
  const flags = `## Flags of every command\n\n${global.map(inputLine).join('\n')}`;
  return `${[HEAD.trimEnd(), flags, ...commands.map(commandText), documentsText()].join('\n\n')}\n`;
}

const file = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../docs/reference/cli.md');

/** `--check` fails where the page is not what the commands say. */
async function run(): Promise<void> {
  const text = await commandReference();
  if (!process.argv.includes('--check')) return writeFile(file, text);
  if ((await readFile(file, 'utf8').catch(() => '')) === text) return;
  process.stderr.write('docs/reference/cli.md is not what the commands say. Run: npm run docs -w rollcall\n');
  process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run();
