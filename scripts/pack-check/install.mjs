import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../tree-files.mjs';
import { run } from './run.mjs';

/**
 * sqlite3's installer looks for a packed binary before it compiles for minutes: gives it the one of this tree, under the
 * name that it would download.
 */
function offerBuiltDriver(folder) {
  const { version, binary } = JSON.parse(readFileSync(path.join(root, 'node_modules/sqlite3/package.json'), 'utf8'));
  mkdirSync(folder);
  for (const napi of binary.napi_versions) {
    const name = `sqlite3-v${version}-napi-v${napi}-${process.platform}-${process.arch}.tar.gz`;
    const driver = 'build/Release/node_sqlite3.node';
    run('tar', ['-czf', path.join(folder, name), driver], { cwd: path.join(root, 'node_modules/sqlite3') });
  }
  return { npm_config_sqlite3_local_prebuilds: folder };
}

export function installTarballs({ work, tarballs, app, compiles }) {
  const manifest = { name: 'app', private: true, type: 'module', allowScripts: { sqlite3: true } };
  writeFileSync(path.join(app, 'package.json'), JSON.stringify(manifest));
  const driver = compiles ? {} : offerBuiltDriver(path.join(work, 'drivers'));
  const files = readdirSync(tarballs).map((name) => path.join(tarballs, name));
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error', ...files];
  const startedAt = Date.now();
  run('npm', args, { cwd: app, env: { ...process.env, ...driver } });
  return `${files.length} tarballs in ${Math.round((Date.now() - startedAt) / 1000)} s`;
}
