import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const notOurs = new Set(['node_modules', 'dist', 'coverage', '.git', '.rollcall', 'rollcall-demo']);

function walk(folder, prefix = '') {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const place = prefix + entry.name;
    if (notOurs.has(entry.name) || place === 'docs/api') return [];
    return entry.isDirectory() ? walk(path.join(folder, entry.name), `${place}/`) : [place];
  });
}

/** The files of the project, those not yet committed too; asks git where there is one. */
export function treeFiles(folder = root) {
  const git = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { status, stdout } = spawnSync('git', git, { cwd: folder, encoding: 'utf8', maxBuffer: 64e6 });
  const isOwnRepository = status === 0 && existsSync(path.join(folder, '.git'));
  const files = isOwnRepository ? stdout.split('\0').filter(Boolean) : walk(folder);
  return files.filter((file) => existsSync(path.join(folder, file))).sort();
}

/** The workspaces' folders, from the root package.json. */
export function workspaces() {
  const { workspaces: patterns } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return patterns.flatMap((pattern) => expand(pattern));
}

function expand(pattern) {
  if (!pattern.endsWith('/*')) return [pattern];
  const parent = pattern.slice(0, -2);
  const places = readdirSync(path.join(root, parent)).map((name) => `${parent}/${name}`);
  return places.filter((place) => existsSync(path.join(root, place, 'package.json')));
}
