#!/usr/bin/env node
/**
 * Every error code of the sources, and whether docs/reference/errors.md knows it.
 *
 *   node scripts/error-codes.mjs            each code with the file and line where it stands first
 *   node scripts/error-codes.mjs --json     the same for programs
 *   node scripts/error-codes.mjs --write    adds a drafted section to the page for each code that it lacks, drops those of
 *                                           codes that are gone, leaves the others as they are
 *   node scripts/error-codes.mjs --check    codes missing on either side; exit 1 when there are any
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root, treeFiles } from './tree-files.mjs';

const sources = /^(core|connector-kit|jsonata-compiler|server|cli|plugins\/[^/]+)\/(src|bin)\/.*\.(ts|js)$/;
const quotedCode = /(?<=['"`])RC_[A-Z0-9]+(?:_[A-Z0-9]+)*(?=['"`])/g;
/** A code is documented by a heading or the first cell of a table row of its own. */
const documentedCode = /^(?:#+\s+|\|\s*)`?(RC_[A-Z0-9_]+)/;
const page = 'docs/reference/errors.md';

function isComment(line) {
  return /^\s*(\/\/|\*|\/\*)/.test(line);
}

/** Code -> places (`file:line`), in the order of the files. */
export function codesInSources() {
  const places = new Map();
  for (const file of treeFiles().filter((name) => sources.test(name))) {
    const lines = readFileSync(path.join(root, file), 'utf8').split('\n');
    lines.forEach((line, i) => {
      if (isComment(line)) return;
      for (const [code] of line.matchAll(quotedCode))
        places.set(code, [...(places.get(code) ?? []), `${file}:${i + 1}`]);
    });
  }
  return new Map([...places].sort(([a], [b]) => a.localeCompare(b)));
}

export function documentedCodes() {
  const place = path.join(root, page);
  const lines = existsSync(place) ? readFileSync(place, 'utf8').split('\n') : [];
  return lines.flatMap((line) => documentedCode.exec(line)?.[1] ?? []);
}

function undescribedCodes() {
  const place = path.join(root, page);
  const text = existsSync(place) ? readFileSync(place, 'utf8') : '';
  return [...text.matchAll(/^### `(RC_[A-Z0-9_]+)`\n+TODO$/gm)].map(([, code]) => code);
}

function check(inSources) {
  const documented = documentedCodes();
  const twice = documented.filter((code, i) => documented.indexOf(code) !== i);
  const problems = [
    ...[...inSources]
      .filter(([code]) => !documented.includes(code))
      .map(([code, [place]]) => `${code} (${place}) is missing in ${page}`),
    ...documented
      .filter((code) => !inSources.has(code))
      .map((code) => `${code} stands in ${page}, and no source has it`),
    ...undescribedCodes().map((code) => `${code} has nothing but TODO in ${page}`),
    ...twice.map((code) => `${code} stands twice in ${page}`),
  ];
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

async function write(inSources) {
  const { pageFor } = await import('./error-page.mjs');
  const place = path.join(root, page);
  writeFileSync(place, pageFor(inSources, existsSync(place) ? readFileSync(place, 'utf8') : ''));
}

const inSources = codesInSources();
if (process.argv.includes('--check')) check(inSources);
else if (process.argv.includes('--write')) await write(inSources);
else if (process.argv.includes('--json')) console.log(JSON.stringify(Object.fromEntries(inSources), null, 2));
else for (const [code, places] of inSources) console.log(`${code.padEnd(40)} ${places[0]}`);
