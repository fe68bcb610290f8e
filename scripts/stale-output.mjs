import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

/** The folders that `tsc -b` compiles, from the references of the root tsconfig.json. */
export function compiledFolders(root) {
  const { references } = JSON.parse(readFileSync(path.join(root, 'tsconfig.json'), 'utf8'));
  return references.map((reference) => path.join(root, reference.path));
}

function sourceRoot(folder) {
  const { compilerOptions = {} } = JSON.parse(readFileSync(path.join(folder, 'tsconfig.json'), 'utf8'));
  return path.join(folder, compilerOptions.rootDir ?? '.');
}

function removeOrphans(dist, source) {
  for (const entry of readdirSync(dist, { recursive: true })) {
    if (!entry.endsWith('.js.map')) continue; // only what the compiler wrote has one
    const stem = entry.slice(0, -'.js.map'.length);
    if (existsSync(path.join(source, `${stem}.ts`))) continue;
    for (const ending of ['.js', '.js.map', '.d.ts', '.d.ts.map'])
      rmSync(path.join(dist, stem + ending), { force: true });
  }
}

/**
 * `tsc -b` neither removes the output of a deleted source nor notices a deleted output folder: a stale test would go on
 * running, a stale module would be published, and an emptied `dist` would stay empty.
 */
export function pruneStaleOutput(root) {
  for (const folder of compiledFolders(root)) {
    const dist = path.join(folder, 'dist');
    if (existsSync(dist)) removeOrphans(dist, sourceRoot(folder));
    else rmSync(path.join(folder, 'tsconfig.tsbuildinfo'), { force: true });
  }
}
