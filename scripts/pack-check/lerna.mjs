import { appendFileSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { root, workspaces } from '../tree-files.mjs';
import { mustEqual, run } from './run.mjs';

const versionIn = (folder) => JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')).version;

const nextPatch = (version) => version.replace(/\d+$/, (patch) => String(Number(patch) + 1));

/** Lerna writes the next versions into a clone: nothing is committed, tagged, pushed or published. */
export function checkVersioning({ work }) {
  const clone = path.join(work, 'clone');
  run('git', ['clone', '--quiet', root, clone], { cwd: work });
  run('git', ['checkout', '--quiet', '-B', 'main'], { cwd: clone });
  symlinkSync(path.join(root, 'node_modules'), path.join(clone, 'node_modules'));
  appendFileSync(path.join(clone, '.git/info/exclude'), 'node_modules\n');
  const before = workspaces().map((folder) => versionIn(path.join(clone, folder)));
  const args = ['version', 'patch', '--no-push', '--no-git-tag-version', '--yes'];
  const lerna = path.join(root, 'node_modules/lerna/dist/cli.js');
  run(process.execPath, [lerna, ...args], { cwd: clone, env: { ...process.env, NX_DAEMON: 'false' } });
  const after = workspaces().map((folder) => versionIn(path.join(clone, folder)));
  mustEqual('versions', after, before.map(nextPatch));
  return workspaces()
    .map((folder, i) => `${folder} ${before[i]} -> ${after[i]}`)
    .join(', ');
}
