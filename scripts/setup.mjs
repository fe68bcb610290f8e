#!/usr/bin/env node
/**
 * Makes a fresh clone ready: checks what the native driver needs, installs, compiles. Plain Node, no dependency, because
 * it runs before there are any. Does nothing and says nothing where nothing is to do.
 *
 *   node scripts/setup.mjs            install where needed, then `tsc -b`
 *   node scripts/setup.mjs --check    only say whether this machine could install
 */
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, closeSync, constants, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { pruneStaleOutput } from './stale-output.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const sqliteDriver = 'node_modules/sqlite3/build/Release/node_sqlite3.node';
const usualTime = 'usually 2 to 5 minutes in all';
const tickMs = 10_000;

/** Ends the set-up with a sentence for the reader instead of a stack trace. */
export class SetupFailed extends Error {}

export function isInPath(program, env = process.env) {
  return (env.PATH ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new SetupFailed(`Node ${process.versions.node} is too old: Rollcall needs Node 20.19 or newer.`);
}

function missingTools(env) {
  const compilers = process.platform === 'darwin' ? ['g++', 'clang++'] : ['g++'];
  return [
    ...(env.PYTHON || env.npm_config_python || isInPath('python3', env) ? [] : ['python3']),
    ...(isInPath('make', env) ? [] : ['make']),
    ...(env.CXX || compilers.some((compiler) => isInPath(compiler, env)) ? [] : ['g++']),
  ];
}

function howToGet(tools, env) {
  const packages = (gxx) => tools.map((tool) => (tool === 'g++' ? gxx : tool)).join(' ');
  if (process.platform === 'darwin') return 'xcode-select --install';
  if (isInPath('dnf', env)) return `dnf install -y ${packages('gcc-c++')}`;
  if (isInPath('apk', env)) return `apk add ${packages('g++')}`;
  return `apt-get install -y ${packages('g++')}`;
}

function npmCommand(args, env) {
  const cli = env.npm_execpath;
  return cli?.endsWith('npm-cli.js') ? [process.execPath, [cli, ...args]] : ['npm', args];
}

function nodeDirOfNpm(env) {
  if (env.npm_config_nodedir) return env.npm_config_nodedir;
  const [command, args] = npmCommand(['config', 'get', 'nodedir'], env);
  const answer = spawnSync(command, args, { cwd: root, env, encoding: 'utf8' }).stdout?.trim();
  return answer && answer !== 'undefined' && answer !== 'null' ? answer : undefined;
}

function cachedHeaders(env) {
  const caches = [
    env.npm_config_devdir,
    path.join(env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'node-gyp'),
    path.join(homedir(), 'Library/Caches/node-gyp'),
  ];
  return caches.filter(Boolean).map((cache) => path.join(cache, process.versions.node));
}

async function canDownloadHeaders(env) {
  if (env.HTTPS_PROXY || env.https_proxy || env.npm_config_https_proxy) return true;
  try {
    const answer = await fetch(process.release.headersUrl, { method: 'HEAD', signal: AbortSignal.timeout(5000) });
    return answer.ok;
  } catch {
    return false;
  }
}

/** node-gyp looks into `nodedir` alone where it is set; else into its cache; else it downloads. */
async function checkHeaders(env) {
  const hasHeaders = (prefix) => existsSync(path.join(prefix, 'include/node/node_version.h'));
  const nodeDir = nodeDirOfNpm(env);
  if (nodeDir !== undefined) {
    if (hasHeaders(nodeDir) || existsSync(path.join(nodeDir, 'src/node_version.h'))) return;
    throw new SetupFailed(
      `Node's headers are missing: npm's nodedir is ${nodeDir}, which holds no include/node; point it to the prefix that does, or unset it.`,
    );
  }
  if (cachedHeaders(env).some(hasHeaders) || (await canDownloadHeaders(env))) return;
  const ownPrefix = path.resolve(path.dirname(process.execPath), '..');
  if (hasHeaders(ownPrefix)) {
    env.npm_config_nodedir = ownPrefix;
    return;
  }
  throw new SetupFailed(
    "Node's headers are missing and cannot be downloaded: install Node with its include/node folder and export npm_config_nodedir=PREFIX (the folder that holds include/node).",
  );
}

export async function checkMachine(env) {
  checkNode();
  const tools = missingTools(env);
  if (tools.length > 0) {
    throw new SetupFailed(
      `Missing: ${tools.join(', ')} (the sqlite3 driver is compiled here). Get ${tools.length > 1 ? 'them' : 'it'} with: ${howToGet(tools, env)}`,
    );
  }
  await checkHeaders(env);
}

function readLock(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** Compares what is installed with the lockfile; times say nothing in a copied or newly checked-out tree. */
export function isInstalled() {
  const installed = readLock('node_modules/.package-lock.json');
  if (installed === undefined || !existsSync(path.join(root, sqliteDriver))) return false;
  return Object.entries(readLock('package-lock.json')).every(([place, wanted]) => {
    if (!place.includes('node_modules/') || wanted.link || wanted.optional) return true;
    // What npm puts below a workspace is easily lost when a tree is copied.
    const isThere = place.startsWith('node_modules/') || existsSync(path.join(root, place));
    return isThere && installed[place]?.version === wanted.version;
  });
}

function installStage() {
  const has = (place) => existsSync(path.join(root, 'node_modules', place));
  if (has('sqlite3/build/Release/node_sqlite3.node')) return 'finishing';
  if (has('sqlite3/build/Makefile')) return 'compiling sqlite3';
  return 'fetching packages';
}

function runLogged(command, args, { env, logFile, onTick }) {
  const startedAt = Date.now();
  const log = openSync(logFile, 'a');
  const ticker = setInterval(() => onTick?.(Math.round((Date.now() - startedAt) / 1000)), tickMs);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', log, log] });
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  }).finally(() => {
    clearInterval(ticker);
    closeSync(log);
  });
}

/** The end of a log, without the page of usage that npm appends to some of its errors. */
function lastLines(file, count = 20) {
  const text = readFileSync(file, 'utf8').split('npm error Clean install a project')[0];
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

async function install(env, logFolder, say) {
  await checkMachine(env);
  say(`setup: installing, most of it the compiler on sqlite3; ${usualTime}`);
  const startedAt = Date.now();
  const logFile = path.join(logFolder, 'npm-ci.log');
  // Dev packages are named because NODE_ENV=production would leave out the compiler.
  const [command, args] = npmCommand(['ci', '--include=dev', '--foreground-scripts', '--no-audit', '--no-fund'], env);
  const onTick = (seconds) => say(`setup: ${installStage()}, ${seconds} s so far (${usualTime})`);
  const code = await runLogged(command, args, { env, logFile, onTick });
  if (code !== 0) throw new SetupFailed(`${lastLines(logFile)}\nnpm ci failed (${code}). The whole log: ${logFile}`);
  if (!existsSync(path.join(root, sqliteDriver))) {
    throw new SetupFailed(
      `npm installed sqlite3 without building its native part: is ignore-scripts set? Try: npm rebuild sqlite3 --ignore-scripts=false`,
    );
  }
  say(`setup: installed in ${Math.round((Date.now() - startedAt) / 1000)} s; compiling TypeScript`);
}

async function compile(env, logFolder) {
  pruneStaleOutput(root);
  const logFile = path.join(logFolder, 'tsc.log');
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const code = await runLogged(process.execPath, [tsc, '-b', '--pretty', 'false'], { env, logFile });
  if (code !== 0) throw new SetupFailed(`${lastLines(logFile)}\ntsc -b failed (${code}). The whole log: ${logFile}`);
}

/** Brings the tree to where `node_modules` equals the lockfile and every `dist` equals its `src`. */
export async function setup(say = (line) => console.error(line)) {
  const env = { ...process.env };
  checkNode();
  const logFolder = mkdtempSync(path.join(tmpdir(), 'rollcall-setup-'));
  if (!isInstalled()) await install(env, logFolder, say);
  await compile(env, logFolder);
  rmSync(logFolder, { recursive: true });
}

/** Runs `main` and turns a `SetupFailed` into its sentence and exit code 1. */
export async function orSayWhy(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof SetupFailed)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await orSayWhy(() => (process.argv.includes('--check') ? checkMachine({ ...process.env }) : setup()));
}
