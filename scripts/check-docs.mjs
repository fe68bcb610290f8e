#!/usr/bin/env node
/**
 * Fails when a page names a file, a heading, an npm script or an error code that does not exist.
 *
 *   node scripts/check-docs.mjs [FOLDER]
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root, treeFiles } from './tree-files.mjs';

const pages = /^(?!docs\/api\/|test\/).*\.md$/;
/** Records of the past are not edited when a file moves; a changelog neither. */
const history = /^docs\/decisions\/|CHANGELOG\.md$/;
const link = /\[[^\]]*\]\(([^()\s]+)(?:\s+"[^"]*")?\)/g;
const inlineCode = /`([^`\n]+)`/g;
const npmScript = /\bnpm (?:run )?((?<=run )[\w:-]+|test\b|start\b)/g;
/** What a reader replaces (`NAME`, `X`, `…`, `*`, `<…>`, `{a,b}`) is no name of a file. */
const placeholder = /[*<>{}…$]|(^|\/)[A-Z][A-Z0-9-]*(?=[/.]|$)/;
/** A project's own files, which `rollcall init` writes, look like ours. */
const ofAProject = /^mappings\/[^/]+\.(yaml|jsonata)$/;

function proseLines(text) {
  let isCode = false;
  return text.split('\n').map((line, i) => {
    if (/^\s*(```|~~~)/.test(line)) isCode = !isCode;
    return { line, no: i + 1, isCode };
  });
}

function slugs(text) {
  const headings = proseLines(text).filter(({ line, isCode }) => !isCode && /^#+\s/.test(line));
  return new Set(
    headings.map(({ line }) =>
      line
        .replace(/^#+\s+/, '')
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .trim()
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-'),
    ),
  );
}

function brokenLink(folder, page, target) {
  if (/^[a-z]+:/i.test(target)) return undefined;
  const [file, anchor] = target.split('#');
  const place = file === '' ? path.join(folder, page) : path.join(folder, path.dirname(page), decodeURI(file));
  if (!existsSync(place)) return `the link ${target} leads nowhere`;
  if (!anchor || !place.endsWith('.md')) return undefined;
  return slugs(readFileSync(place, 'utf8')).has(anchor) ? undefined : `${target}: no such heading`;
}

function missingFile(folder, page, code, topLevel) {
  const name = code.replace(/(:\d+|#.*)$/, '').replace(/\/$/, '');
  const isPath = /^[\w.@-]+(\/[\w.@-]+)+$/.test(name) && topLevel.has(name.split('/')[0]);
  if (!isPath || placeholder.test(name) || ofAProject.test(name) || /(^|\/)(dist|node_modules)(\/|$)/.test(name))
    return undefined;
  const places = [path.join(folder, name), path.join(folder, path.dirname(page), name)];
  return places.some((place) => existsSync(place)) ? undefined : `there is no ${name}`;
}

function problemsOf(page, { folder, topLevel, scripts }) {
  return proseLines(readFileSync(path.join(folder, page), 'utf8')).flatMap(({ line, no, isCode }) => {
    const links = isCode
      ? []
      : [...line.replace(inlineCode, '').matchAll(link)].map(([, target]) => brokenLink(folder, page, target));
    const ofToday = history.test(page)
      ? []
      : [
          ...(isCode
            ? []
            : [...line.matchAll(inlineCode)].map(([, code]) => missingFile(folder, page, code, topLevel))),
          ...[...line.matchAll(npmScript)].map(([, name]) =>
            scripts.has(name) ? undefined : `there is no npm script ${name}`,
          ),
        ];
    return [...links, ...ofToday].filter(Boolean).map((problem) => `${page}:${no}: ${problem}`);
  });
}

const folder = path.resolve(process.argv[2] ?? root);
const files = treeFiles(folder);
const tree = {
  folder,
  topLevel: new Set(files.filter((file) => file.includes('/')).map((file) => file.split('/')[0])),
  scripts: new Set(Object.keys(JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')).scripts ?? {})),
};
const problems = files.filter((file) => pages.test(file)).flatMap((page) => problemsOf(page, tree));
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
