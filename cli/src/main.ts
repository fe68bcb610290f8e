import { Console } from 'node:console';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { hasSwitch, readCommandLine, type CommandLine } from './command-line.js';
import type { Config } from '@oclif/core/config';
import type { RollcallCommand } from './base-command.js';
import type { Found } from './find-command.js';

const here = path.dirname(fileURLToPath(import.meta.url));
const packageRoot = path.join(here, '..');
const commandsFolder = path.join(here, 'commands');
const OUTPUT_REFUSED = 'RC_OUTPUT_REFUSED';

/** Runs one command line and ends the process with its exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  endWhereNothingCanBeWritten();
  keepStdoutForTheAnswer();
  const exitCode = await run(argv);
  await written(process.stdout);
  await written(process.stderr);
  process.exit(exitCode);
}

/** A reader that closes the pipe wants no more of it: that is no failure. An answer that is lost otherwise is one. */
function endWhereNothingCanBeWritten(): void {
  process.stdout.on('error', ({ code = 'unknown reason' }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit(0);
    process.stderr.write(`Error: The output cannot be written (${code}). (${OUTPUT_REFUSED})\n`);
    process.exit(1); // at once: oclif, too, listens, and throws
  });
  // Where not even that can be told, the exit code has to do.
  process.stderr.on('error', () => undefined);
}

/** Whatever a library or a connector prints by itself goes to stderr: stdout has the one document. */
function keepStdoutForTheAnswer(): void {
  globalThis.console = new Console(process.stderr);
}

function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => {
      resolve();
    });
  });
}

async function run(argv: readonly string[]): Promise<number> {
  const line = readCommandLine(argv);
  const known: { command: string | null } = { command: null };
  try {
    return line.wantsVersion ? await printVersion(argv) : await dispatch(argv, line, known);
  } catch (error) {
    return await report(error, argv, known.command);
  }
}

/** Reads nothing but package.json: the version must come at once. */
async function printVersion(argv: readonly string[]): Promise<number> {
  const { version } = JSON.parse(await readFile(path.join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  const document = {
    format: 'rollcall.version/1',
    version,
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
  };
  const text = `rollcall ${version} (${document.platform}, node ${document.node})`;
  process.stdout.write(`${hasSwitch(argv, '--json') ? JSON.stringify(document) : text}\n`);
  return 0;
}

async function dispatch(
  argv: readonly string[],
  line: CommandLine,
  known: { command: string | null },
): Promise<number> {
  const { findCommand, incompleteCommand, spoken, unknownCommand } = await import('./find-command.js');
  const ids = await commandIds();
  const found = findCommand(line.words, ids);
  if (line.words.length === 0 || (line.wantsHelp && found !== null))
    return showHelp(argv, line.words.length === 0 ? null : found);
  if (found === null) throw unknownCommand(line.words, ids);
  if (found.kind === 'topic') throw incompleteCommand(found.name, found.commands);
  known.command = spoken(found.id);
  return runCommand(found.id, [...found.arguments, ...line.rest]);
}

/** The ids of all commands, from the names of their files: oclif would load every one of them to know. */
async function commandIds(): Promise<string[]> {
  const names = await readdir(commandsFolder, { recursive: true });
  return names
    .filter((name) => name.endsWith('.js'))
    .map((name) => name.slice(0, -'.js'.length).replaceAll(path.sep, ':'))
    .sort();
}

type CommandClass = new (argv: string[], config: Config) => RollcallCommand;

/** Loads that one command alone. */
async function runCommand(id: string, argv: string[]): Promise<number> {
  const file = pathToFileURL(path.join(commandsFolder, `${id.replaceAll(':', path.sep)}.js`));
  const [{ bareConfig }, { default: Command }] = await Promise.all([
    import('./bare-config.js'),
    import(file.href) as Promise<{ default: CommandClass }>,
  ]);
  return new Command(argv, bareConfig(packageRoot)).run();
}

async function showHelp(argv: readonly string[], found: Found | null): Promise<number> {
  const [{ Config: OclifConfig }, { RollcallHelp }, { wantsColour }] = await Promise.all([
    import('@oclif/core/config'),
    import('./help.js'),
    import('./terminal/paint.js'),
  ]);
  const config = await OclifConfig.load({ root: packageRoot });
  const isTerminal = process.stdout.isTTY;
  const inColour = wantsColour({ isTerminal, noColor: hasSwitch(argv, '--no-color'), env: process.env });
  const help = new RollcallHelp(config, { stripAnsi: !inColour, ...(isTerminal ? {} : { maxWidth: 100 }) });
  const subject = found === null ? [] : (found.kind === 'command' ? found.id : found.name).split(':');
  await help.showHelp(subject);
  const answer = hasSwitch(argv, '--json')
    ? `${JSON.stringify({ format: 'rollcall.help/1', text: help.text })}\n`
    : help.text;
  process.stdout.write(answer);
  return 0;
}

/** The error document for programs, its text for people, the stack for whoever asked for it; never anything else. */
async function report(error: unknown, argv: readonly string[], command: string | null): Promise<number> {
  const [{ errorDocument }, { errorText }, { Output }] = await Promise.all([
    import('./failure.js'),
    import('./render/errors.js'),
    import('./output.js'),
  ]);
  const json = hasSwitch(argv, '--json');
  const flags = { json, quiet: hasSwitch(argv, '--quiet'), noColor: hasSwitch(argv, '--no-color') };
  const output = new Output(process, flags, process.env);
  const document = errorDocument(error, command);
  if (json) output.document(document);
  output.warn(errorText(document, await output.screen('stderr')));
  if (process.env.ROLLCALL_DEBUG === '1' && error instanceof Error) output.warn(String(error.stack));
  return document.exitCode;
}
