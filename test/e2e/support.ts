import { expect } from 'chai';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** The first day of the contract's fixture, and the day after. */
export const FIRST_DAY = '2026-03-09T08:00:00Z';
export const NEXT_DAY = '2026-03-10T08:00:00Z';

const binary = fileURLToPath(new URL('../../../cli/bin/run.js', import.meta.url));

/** How one run of the binary ended. */
export interface Ended {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** `ROLLCALL_NOW`; the first day when left out, the wall clock when null. */
  now?: string | null;
  env?: Readonly<Record<string, string>>;
  /** File modes count for it, also where root runs the tests. */
  boundByModes?: boolean;
  /** How large a file may become, in blocks of 512 bytes: as if the disk were full. */
  fileBlocks?: number;
  /** Where stdout goes instead, such as `/dev/full`. */
  stdoutFile?: string;
}

/** Root as the owner of its files and no more: another user could not enter a clone in root's home. */
const WITHOUT_ROOTS_RIGHTS = ['setpriv', '--bounding-set', '-dac_override,-dac_read_search'];

type Running = ChildProcessByStdio<null, Readable, Readable>;

function commandLine(args: readonly string[], { boundByModes, fileBlocks, stdoutFile }: RunOptions): string[] {
  const isRoot = process.getuid?.() === 0;
  const line = [...(boundByModes && isRoot ? WITHOUT_ROOTS_RIGHTS : []), process.execPath, binary, ...args];
  if (stdoutFile !== undefined) return ['/bin/sh', '-c', `exec "$@" > ${stdoutFile}`, 'sh', ...line];
  return fileBlocks === undefined ? line : ['/bin/sh', '-c', `ulimit -f ${fileBlocks} && exec "$@"`, 'sh', ...line];
}

/** Starts the built binary; nothing of the test's own environment reaches it but what programs need. */
export function start(args: readonly string[], cwd: string, options: RunOptions = {}): Running {
  const now = options.now === undefined ? FIRST_DAY : options.now;
  const { PATH = '', HOME = '' } = process.env;
  const [program = '', ...rest] = commandLine(args, options);
  return spawn(program, rest, {
    cwd,
    env: { PATH, HOME, ...(now === null ? {} : { ROLLCALL_NOW: now }), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Waits until a started binary has ended. */
export async function ended(child: Running): Promise<Ended> {
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, ...output };
}

/** A project in a folder of its own, and the binary at work on it. */
export class TestProject {
  constructor(readonly root: string) {}

  file(name: string): string {
    return path.join(this.root, name);
  }

  async read(name: string): Promise<string> {
    return readFile(this.file(name), 'utf8');
  }

  async write(name: string, content: string | Uint8Array): Promise<void> {
    await mkdir(path.dirname(this.file(name)), { recursive: true });
    await writeFile(this.file(name), content);
  }

  /** Rewrites a file; `edit` must change something. */
  async edit(name: string, edit: (text: string) => string): Promise<void> {
    const before = await this.read(name);
    const after = edit(before);
    expect(after, `edit of ${name}`).to.not.equal(before);
    await this.write(name, after);
  }

  start(args: readonly string[], options?: RunOptions): Running {
    return start(args, this.root, options);
  }

  run(args: readonly string[], options?: RunOptions): Promise<Ended> {
    return ended(this.start(args, options));
  }

  /** Runs a command with `--json`; its answer is the one document on stdout. */
  async json<Document>(args: readonly string[], exitCode: number, options?: RunOptions): Promise<Document> {
    const answer = await this.run([...args, '--json'], options);
    expect(answer.stdout, answer.stderr).to.match(/^\{.*\}\n$/);
    const document = JSON.parse(answer.stdout) as Document;
    expect(answer.exitCode, `${args.join(' ')}\n${answer.stdout}\n${answer.stderr}`).to.equal(exitCode);
    return document;
  }
}

const folders: string[] = [];
let applied: Promise<TestProject> | undefined;
let synced: Promise<TestProject> | undefined;

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rollcall-e2e-'));
  folders.push(folder);
  return folder;
}

async function copyOf(project: TestProject): Promise<TestProject> {
  const folder = await newFolder();
  await cp(project.root, folder, { recursive: true });
  return new TestProject(folder);
}

async function succeed(project: TestProject, ...args: string[]): Promise<TestProject> {
  const { exitCode, stdout, stderr } = await project.run(args);
  expect(exitCode, `${args.join(' ')}\n${stdout}${stderr}`).to.equal(0);
  return project;
}

/** An empty folder. */
export async function emptyProject(): Promise<TestProject> {
  return new TestProject(await newFolder());
}

/** The contract's fixture as `init --example` writes it. */
export async function initialisedProject(): Promise<TestProject> {
  return succeed(await emptyProject(), 'init', '--example');
}

/** The contract's fixture, applied; made once, then copied. */
export async function appliedProject(): Promise<TestProject> {
  applied ??= initialisedProject().then((project) => succeed(project, 'apply', '--yes'));
  return copyOf(await applied);
}

/** The contract's fixture, applied and synced; made once, then copied. */
export async function syncedProject(): Promise<TestProject> {
  synced ??= appliedProject().then((project) => succeed(project, 'sync'));
  return copyOf(await synced);
}

/** Removes what the tests of a file made. Call it in the file's `describe`. */
export function removesProjects(): void {
  after(async () => {
    applied = undefined;
    synced = undefined;
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  });
}

type Row = Readonly<Record<string, string>>;

/** Changes of a day by source id; null takes the row out. */
export type Changes = Readonly<Record<string, Row | null>>;

const HR: Readonly<Record<string, Row>> = table(
  'employee_id;first_name;last_name;work_email;department;status;hire_date;termination_date',
  'E1001;Ada;Lovelace;ada@acme.example;Engineering;Active;2020-01-06;',
  'E1002;Grace;Hopper;;Research;Future;2026-03-16;',
  'E1003;Alan;Turing;alan@acme.example;Research;Terminated;2019-05-01;2026-03-06',
);

const IT: Readonly<Record<string, Row>> = table(
  'account_id;employee_id;login;email;enabled;department;groups',
  '9001;E1001;ada;ada@acme.example;true;Platform;vpn|admins',
  '9003;E1003;alan;alan@acme.example;true;Research;vpn',
  '9009;;carol;carol@agency.example;true;;vpn',
);

function table(header: string, ...rows: string[]): Record<string, Row> {
  const columns = header.split(';');
  const read = (row: string): Row => Object.fromEntries(row.split(';').map((cell, at) => [columns[at] ?? '', cell]));
  return Object.fromEntries(rows.map((row) => [row.split(';')[0] ?? '', read(row)]));
}

/** How a file is written: which columns in which order, which rows in which order. */
export interface Layout {
  columns?: (columns: string[]) => string[];
  rows?: (rows: Row[]) => Row[];
}

function csv(fixture: Readonly<Record<string, Row>>, delimiter: string, changes: Changes, layout: Layout): string {
  const all = Object.values(fixture).flatMap((row) => {
    const change = changes[Object.values(row)[0] ?? ''];
    return change === null ? [] : [{ ...row, ...change }];
  });
  const rows = layout.rows?.(all) ?? all;
  const columns = Object.keys(Object.values(fixture)[0] ?? {});
  const shown = layout.columns?.(columns) ?? columns;
  const lines = rows.map((row) => shown.map((column) => row[column] ?? '').join(delimiter));
  return [shown.join(delimiter), ...lines].join('\n') + '\n';
}

/** The HR export of the fixture with changes. */
export function hrFile(changes: Changes = {}, layout: Layout = {}): string {
  return csv(HR, ';', changes, layout);
}

/** The IT export of the fixture with changes. */
export function itFile(changes: Changes = {}, layout: Layout = {}): string {
  return csv(IT, ',', changes, layout);
}

/** Puts the next day's HR export into the project's inbox. */
export function nextHr(project: TestProject, content: string | Uint8Array): Promise<void> {
  return project.write('inbox/hr/hr-2026-03-10.csv', content);
}

/** Puts the next day's IT export into the project's inbox. */
export function nextIt(project: TestProject, content: string | Uint8Array): Promise<void> {
  return project.write('inbox/it/it-2026-03-10.csv', content);
}
