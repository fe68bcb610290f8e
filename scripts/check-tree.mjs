#!/usr/bin/env node
/**
 * Fails when a file says where it was written: a path of somebody's machine, the host of a package registry, or a
 * lockfile entry that names the address it was fetched from.
 *
 *   node scripts/check-tree.mjs [FOLDER]
 */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { root, treeFiles } from './tree-files.mjs';

const largest = 5_000_000;

const rules = [
  { what: 'a machine path', pattern: /(?<![\w./-])\/(?:work|root)\/[\w.-]/ },
  { what: 'a home directory', pattern: /(?<![\w.-])\/(?:home|Users)\/[\w.-]+\// },
  {
    what: 'the host of a package registry',
    pattern: /\bregistry\.(?:[\w-]+\.)*(?:org|com|net|io|dev|internal|local|corp)\b/,
  },
  { what: 'an address in the lockfile', pattern: /"resolved": "http/, only: /(^|\/)package-lock\.json$/ },
];

/** Each breach as `file:line: what`. */
export function breaches(file, text) {
  const asked = rules.filter((rule) => rule.only?.test(file) ?? true);
  return text
    .split('\n')
    .flatMap((line, i) =>
      asked
        .filter((rule) => rule.pattern.test(line))
        .map((rule) => `${file}:${i + 1}: ${rule.what}: ${line.trim().slice(0, 120)}`),
    );
}

function main(folder) {
  const found = treeFiles(folder).flatMap((file) => {
    const place = path.join(folder, file);
    if (!statSync(place).isFile() || statSync(place).size > largest) return [];
    const text = readFileSync(place, 'latin1');
    return text.includes('\0') ? [] : breaches(file, text);
  });
  for (const line of found) console.error(line);
  process.exitCode = found.length > 0 ? 1 : 0;
}

main(path.resolve(process.argv[2] ?? root));
