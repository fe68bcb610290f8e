import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

export type ServerName = 'postgresql' | 'sshd';

/** A server that tests speak to: where it is, or why tests of it cannot run here. */
export interface TestServer {
  readonly name: ServerName;
  readonly version: string;
  /** Null where it can run; else the reason why it cannot. */
  readonly missing: string | null;
  readonly debianPackages: readonly string[];
}

interface Registry {
  /** Tests that spoke to a server, by the server's name. */
  readonly spokeTo: Map<ServerName, Set<string>>;
  /** Servers that some loaded test file asks for. */
  readonly asked: Set<ServerName>;
  /** The full title of the running test; null while files are being loaded. */
  currentTest: string | null;
}

/** The mark on a `before` hook by which the reporter finds the suites that need a server. */
export const NEEDS_SERVER = Symbol.for('rollcall.test.needs-server');

/** Shared with the reporter in `scripts/`, which imports nothing from here. */
const registry = ((globalThis as Record<symbol, unknown>)[Symbol.for('rollcall.test.servers')] ??= {
  spokeTo: new Map(),
  asked: new Set(),
  currentTest: null,
} satisfies Registry) as Registry;

/** The test that runs now, for the hooks; null between tests. */
export function setCurrentTest(title: string | null): void {
  registry.currentTest = title;
}

export function isAskedFor(name: ServerName): boolean {
  return registry.asked.has(name);
}

/**
 * Says that tests speak to a server. In a `describe`: every test of it needs the server; where it is missing, `npm test`
 * leaves these tests out and names them. In an `it`: counts this test, and fails it where the server is missing.
 */
export function usesServer(name: ServerName): void {
  registry.asked.add(name);
  if (registry.currentTest !== null) {
    demand(name);
    count(name, registry.currentTest);
    return;
  }
  const check = (): void => {
    demand(name);
  };
  before(Object.assign(check, { [NEEDS_SERVER]: name }));
  beforeEach(function countThis() {
    if (this.currentTest) count(name, this.currentTest.fullTitle());
  });
}

function count(name: ServerName, test: string): void {
  const tests = registry.spokeTo.get(name) ?? new Set();
  registry.spokeTo.set(name, tests.add(test));
}

function demand(name: ServerName): void {
  const { missing } = findServer(name);
  if (missing !== null) throw new Error(`This test needs ${name}, but ${missing}. Set it up: npm run setup:servers`);
}

/** The URL of the PostgreSQL that the hooks started. Ask inside a hook or a test: it is not there while files load. */
export function postgresqlUrl(): string {
  const url = process.env.ROLLCALL_TEST_PG_URL;
  if (url === undefined) throw new Error('No PostgreSQL was started: call usesServer("postgresql") in the describe.');
  return url;
}

const found = new Map<ServerName, TestServer>();

/** What is known of a server on this machine; looked for once. */
export function findServer(name: ServerName): TestServer {
  const server = found.get(name) ?? lookFor(name);
  found.set(name, server);
  return server;
}

/** Looks for all servers anew. */
export function findServers(): TestServer[] {
  found.clear();
  return [findServer('postgresql'), findServer('sshd')];
}

/** `ROLLCALL_TEST_LOCAL=1` hides the servers, as if they were not installed. */
function lookFor(name: ServerName): TestServer {
  const server = name === 'postgresql' ? findPostgresql() : findSshd();
  return process.env.ROLLCALL_TEST_LOCAL === '1' ? { ...server, missing: 'servers are left out by --local' } : server;
}

/** The folder of `initdb` and `postgres`: Debian keeps it out of PATH, the newest version wins. */
export function postgresqlBinaries(): string | null {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => path.join(debian, version, 'bin')), ...inPath()];
  return folders.find((folder) => ['initdb', 'postgres'].every((name) => isProgram(path.join(folder, name)))) ?? null;
}

function findPostgresql(): TestServer {
  const given = { name: 'postgresql', debianPackages: ['postgresql'] } as const;
  if (process.env.ROLLCALL_TEST_PG_URL !== undefined) return { ...given, version: 'of your own', missing: null };
  const folder = postgresqlBinaries();
  if (folder === null) return { ...given, version: '-', missing: 'no initdb and postgres were found' };
  const printed = execFileSync(path.join(folder, 'postgres'), ['--version'], { encoding: 'utf8' });
  return { ...given, version: firstGroup(printed, /(\d+(?:\.\d+)+)/), missing: null };
}

/** sshd with a user list of its own (libnss_wrapper) and a chroot: the latter takes root. */
function findSshd(): TestServer {
  const given = { name: 'sshd', debianPackages: ['openssh-server', 'libnss-wrapper'] } as const;
  const program = ['/usr/sbin', ...inPath()].map((folder) => path.join(folder, 'sshd')).find(isProgram);
  if (program === undefined) return { ...given, version: '-', missing: 'no sshd was found' };
  // Debian's 9.2 knows no -V, yet prints its version with the complaint.
  const version = firstGroup(spawnSync(program, ['-V'], { encoding: 'utf8' }).stderr, /OpenSSH_(\S+?)[,\s]/);
  const why =
    nssWrapper() === null ? 'libnss_wrapper is missing' : process.getuid?.() === 0 ? null : 'its chroot takes root';
  return { ...given, version, missing: why };
}

/** The library that gives sshd a private passwd file. */
export function nssWrapper(): string | null {
  const folders = existsSync('/usr/lib') ? readdirSync('/usr/lib').map((name) => `/usr/lib/${name}`) : [];
  return folders.map((folder) => `${folder}/libnss_wrapper.so`).find((file) => existsSync(file)) ?? null;
}

function inPath(): string[] {
  return (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function firstGroup(text: string, pattern: RegExp): string {
  return pattern.exec(text)?.[1] ?? 'unknown';
}
