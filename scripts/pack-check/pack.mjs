import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SetupFailed } from '../setup.mjs';
import { root, workspaces } from '../tree-files.mjs';
import { run } from './run.mjs';

const wanted = [
  /^package\.json$/,
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE$/,
  /^dist\/.*\.(js|json|d\.ts)(\.map)?$/,
  /^bin\/[\w-]+\.(js|cmd)$/,
];
const wantedOf = {
  '@rollcall/core': [/^schemas\/[\w-]+\.schema\.json$/],
  '@rollcall/server': [/^openapi\.json$/],
  rollcall: [/^oclif\.manifest\.json$/],
  '@rollcall/mappings': [/^[\w-]+\/([\w.-]+\.(yaml|jsonata)|README\.md)$/],
};
const unwanted = /\.tsbuildinfo$|(^|\/)(test|tests|node_modules)\/|\.test\.(js|d\.ts)/;

/** Each path that a package.json promises: `exports`, `bin`, `main`, `types`. */
function promised(manifest) {
  const paths = [];
  const collect = (value, isSource) => {
    if (typeof value === 'string' && !isSource && !value.includes('*')) paths.push(path.posix.normalize(value));
    else if (value && typeof value === 'object') {
      for (const [key, inner] of Object.entries(value)) collect(inner, isSource || key === 'rollcall-source');
    }
  };
  for (const key of ['exports', 'bin', 'main', 'types']) collect(manifest[key], false);
  return paths;
}

/** What a tarball holds and should not, and what its package.json promises and it lacks. */
export function problemsOf(manifest, files) {
  const allowed = [...wanted, ...(wantedOf[manifest.name] ?? [])];
  const odd = files.filter((file) => unwanted.test(file) || !allowed.some((pattern) => pattern.test(file)));
  const absent = promised(manifest).filter((file) => !files.includes(file));
  return [
    ...odd.map((file) => `${manifest.name} would publish ${file}`),
    ...absent.map((file) => `${manifest.name} promises ${file}, and the tarball lacks it`),
  ];
}

export function packWorkspaces({ tarballs }) {
  const packed = workspaces().map((folder) => {
    const cwd = path.join(root, folder);
    const [answer] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', tarballs], { cwd }));
    const manifest = JSON.parse(readFileSync(path.join(cwd, 'package.json'), 'utf8'));
    return { manifest, files: answer.files.map((file) => file.path), bytes: answer.size };
  });
  const problems = packed.flatMap(({ manifest, files }) => problemsOf(manifest, files));
  if (problems.length > 0) throw new SetupFailed(problems.join('\n'));
  return packed.map(({ manifest, bytes }) => `${manifest.name} ${Math.ceil(bytes / 1024)} kB`).join(', ');
}
