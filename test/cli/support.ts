import { Config } from '@oclif/core/config';
import { PassThrough, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { readCommandLine } from '#cli/command-line.js';
import { errorDocument } from '#cli/failure.js';
import { findCommand, spoken } from '#cli/find-command.js';
import type { OpenProject, WithRollcall } from '#cli/project.js';

/** How a command ended that ran inside the test's own process. */
export interface Ended {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** Code and mend of the error that it threw. */
  error: { code: string; message: string; mend: string } | null;
}

export interface InProcess {
  /** What stands in for the project; the real one on disk when left out. */
  project?: Partial<OpenProject>;
  /** Width of the terminal; no terminal when left out. */
  columns?: number;
  /** What a person types; there is nobody to ask when left out. */
  typed?: string;
  env?: Readonly<Record<string, string>>;
}

class Collected extends Writable {
  text = '';

  constructor(
    readonly isTTY: boolean,
    readonly columns: number | undefined,
  ) {
    super();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

let loaded: Promise<Config> | undefined;

function config(): Promise<Config> {
  loaded ??= Config.load({ root: fileURLToPath(new URL('../../../cli', import.meta.url)) });
  return loaded;
}

/** Splits a command line as a shell does, as far as our examples need it. */
export function wordsOf(line: string): string[] {
  const words = line.match(/'[^']*'|"[^"]*"|[^\s'"]+/g) ?? [];
  return words.map((word) => word.replace(/^(['"])(.*)\1$/s, '$2'));
}

/** Runs a command line (without `rollcall`) in this process. */
export async function runInProcess(line: string | readonly string[], options: InProcess = {}): Promise<Ended> {
  const argv = typeof line === 'string' ? wordsOf(line) : line;
  const { words, rest } = readCommandLine(argv);
  const { commandIDs, commands } = await config();
  const found = findCommand(words, commandIDs);
  if (found?.kind !== 'command') throw new Error(`No command: ${argv.join(' ')}`);
  const loadable = commands.find(({ id }) => id === found.id);
  const Class = (await loadable?.load()) as unknown as new (
    argv: string[],
    config: Config,
  ) => { run(): Promise<number> };
  const command = new Class([...found.arguments, ...rest], await config());
  const stdout = new Collected(options.columns !== undefined, options.columns);
  const stderr = new Collected(options.typed !== undefined, options.columns);
  const stdin = Object.assign(new PassThrough(), { isTTY: options.typed !== undefined });
  if (options.typed !== undefined) stdin.end(`${options.typed}\n`);
  Object.assign(command, { streams: { stdout, stderr, stdin }, env: options.env ?? {} });
  if (options.project !== undefined)
    Object.assign(command, { open: opening(options.project), openForReading: opening(options.project) });
  return { ...(await outcomeOf(() => command.run(), spoken(found.id))), stdout: stdout.text, stderr: stderr.text };
}

function opening(project: Partial<OpenProject>): WithRollcall {
  return (_choice, task) => task({ root: '/project', tenants: ['acme'], ...project } as OpenProject);
}

async function outcomeOf(run: () => Promise<number>, name: string): Promise<Pick<Ended, 'exitCode' | 'error'>> {
  try {
    return { exitCode: await run(), error: null };
  } catch (thrown) {
    const { exitCode, error } = errorDocument(thrown, name);
    return { exitCode, error: { code: error.code, message: error.message, mend: error.mend } };
  }
}
