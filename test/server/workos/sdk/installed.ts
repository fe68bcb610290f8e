import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where installed packages stay between runs. */
const CACHE = path.join(tmpdir(), 'rollcall-test-packages');

/** A folder of its own in which npm installed a package, once: later runs find it there. */
export async function installed(name: string, version: string): Promise<string> {
  const folder = path.join(CACHE, `${name.replace('/', '+')}@${version}`);
  if (existsSync(path.join(folder, 'node_modules', name, 'package.json'))) return folder;
  await mkdir(CACHE, { recursive: true });
  const fresh = await mkdtemp(path.join(CACHE, 'fresh-'));
  const quiet = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  await run('npm', ['install', '--prefix', fresh, ...quiet, `${name}@${version}`], { cwd: fresh });
  try {
    await rename(fresh, folder);
  } catch (error) {
    // Another run was first.
    if (!existsSync(folder)) throw error;
    await rm(fresh, { recursive: true });
  }
  return folder;
}

/** The executable of a release of Node: this one where it is new enough, else that of npm's package. */
export async function nodeOf(major: number): Promise<string> {
  const here = Number(process.versions.node.split('.')[0]);
  if (here >= major) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  return path.join(await installed(name, String(major)), 'node_modules', name, 'bin', 'node');
}
