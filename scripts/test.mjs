#!/usr/bin/env node
/**
 * `npm test`: sets up, brings the servers where it may, runs mocha, and closes with one line that machines can read.
 *
 *   npm test                                  everything
 *   npm test -- --local                       without servers; what was left out is listed, the exit code is mocha's
 *   npm test -- test/core/x.test.ts --grep Y  files and mocha's options pass through
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installServers, mayInstall } from './setup-servers.mjs';
import { setup, SetupFailed } from './setup.mjs';
import { joined, lanesOf, runLanes } from './test-lanes.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const optionsWithValue = new Set(['--grep', '-g', '--fgrep', '-f', '--timeout', '-t', '--reporter-option', '-O']);

/** Splits what came after `--` into our own flag, test files (sources mapped to their output) and mocha's options. */
export function readArguments(given) {
  const read = { isLocal: false, files: [], options: [] };
  for (let i = 0; i < given.length; i++) {
    const argument = given[i];
    if (argument === '--local') read.isLocal = true;
    else if (optionsWithValue.has(argument)) read.options.push(argument, given[++i] ?? '');
    else if (argument.startsWith('-')) read.options.push(argument);
    else read.files.push(compiledTest(argument));
  }
  return read;
}

function compiledTest(file) {
  const inTests = path.relative(path.join(root, 'test'), path.resolve(file));
  if (inTests.startsWith('..') || inTests.startsWith(`dist${path.sep}`)) return file;
  return path.join('test', 'dist', inTests.replace(/\.ts$/, '.js'));
}

/** Servers that are missing and may be installed are; the answer says what is here then. */
async function bringServers(isLocal) {
  if (isLocal) process.env.ROLLCALL_TEST_LOCAL = '1';
  const { findServers } = await import('../test/dist/support/servers.js');
  const packages = findServers().flatMap((server) => (server.missing ? server.debianPackages : []));
  if (isLocal || packages.length === 0 || !mayInstall()) return findServers();
  console.error(`test: installing ${packages.join(', ')}`);
  installServers(packages);
  return findServers();
}

async function runMocha({ files, options }, { servers, isWhole }, folder) {
  const config = JSON.parse(readFileSync(path.join(root, '.mocharc.json'), 'utf8'));
  config.reporter = path.join(root, 'scripts/test-reporter.mjs');
  const env = {
    ...process.env,
    ROLLCALL_TEST_WITHOUT: servers
      .filter((server) => server.missing)
      .map((server) => server.name)
      .join(','),
  };
  // Named files replace the configuration's: mocha would add them.
  const lanes = lanesOf(root, files.length > 0 ? files : config.spec, isWhole);
  return joined(await runLanes(root, lanes, { config, options, env, folder }));
}

function serverLine({ name, version, missing }, { spokeTo }) {
  if (missing) return `server ${name}: not here, ${missing}`;
  const tests = spokeTo[name] ?? 0;
  return `server ${name} ${version}: ${tests} ${tests === 1 ? 'test' : 'tests'} spoke to it`;
}

function sayLeftOut({ leftOut }, isLocal) {
  if (leftOut.length === 0) return;
  console.log(`Not run, since their server is missing (${leftOut.length}):`);
  for (const { server, title } of leftOut) console.log(`  ${server}: ${title}`);
  console.log('To set the servers up: npm run setup:servers');
  if (!isLocal) console.log('To be content without them: npm test -- --local');
}

/** A whole run in which no test spoke to a server that is there proves nothing about it. */
function unspokenServers(servers, { spokeTo }, isWhole) {
  return servers.filter(({ name, missing }) => isWhole && !missing && !spokeTo[name]);
}

async function main() {
  const given = readArguments(process.argv.slice(2));
  await setup();
  const servers = await bringServers(given.isLocal);
  const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-test-'));
  const isWhole = given.files.length === 0 && given.options.length === 0;
  const { status, summary } = await runMocha(given, { servers, isWhole }, folder);
  rmSync(folder, { recursive: true });
  const unspoken = unspokenServers(servers, summary, isWhole);
  sayLeftOut(summary, given.isLocal);
  for (const { title, ms } of summary.slowest.filter((test) => test.ms > 1000)) {
    console.log(`slow: ${(ms / 1000).toFixed(1)} s ${title}`);
  }
  for (const server of servers) console.log(serverLine(server, summary));
  for (const { name } of unspoken) console.log(`failed: ${name} is here, and no test spoke to it`);
  const failed = summary.failed + unspoken.length;
  console.log(`${summary.passed} passed, ${failed} failed`);
  const isIncomplete = summary.leftOut.length > 0 && !given.isLocal;
  process.exitCode = status !== 0 || failed > 0 || isIncomplete ? status || 1 : 0;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof SetupFailed)) throw error;
  console.error(error.message);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
