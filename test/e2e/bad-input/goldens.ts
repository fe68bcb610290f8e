import { expect } from 'chai';
import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import type { Ended } from '../support.js';

/** What one command of a case answered. */
export interface Answer {
  run: string;
  ended: Ended;
}

/** What differs from run to run, and the word for it. */
const VARYING: readonly [RegExp, string][] = [
  [/\b(usr|grp|run|chg|cfl|rev|ovr|evt|dir|rec)-[0-9a-z]{26}\b/g, '<$1>'],
  [/\b[0-9a-f]{64}\b/g, '<hash>'],
  [/SHA256:[A-Za-z0-9+/]{43}/g, 'SHA256:<fingerprint>'],
  // Of the database: another one with every migration.
  [/\b(schema version|knows) \d+/g, '$1 <number>'],
  [/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>'],
];

function normalised(value: string, folder: string): string {
  const process = new RegExp(`\\b${hostname().replaceAll('.', '\\.')}:\\d+`, 'g');
  const known = value.replaceAll(folder, '<folder>').replace(process, '<process>');
  return VARYING.reduce((text, [pattern, word]) => text.replace(pattern, word), known);
}

/** Nothing of these may ever reach a user. */
const NEVER = /^\s+at \S+ \(|node_modules|\bundefined\b|\[object |\bNaN\b|acme-secret/m;

/** Compares what was answered with both goldens; with `UPDATE_GOLDENS=1` writes them. */
export async function expectGoldens(folder: string, answers: readonly Answer[], projectRoot: string): Promise<void> {
  const stderr = normalised(stderrOf(answers), projectRoot);
  const document = normalised(documentOf(answers), projectRoot);
  expect(stderr + document).to.not.match(NEVER);
  await expectGolden(path.join(folder, 'stderr.txt'), stderr);
  await expectGolden(path.join(folder, 'document.json'), document);
}

async function expectGolden(file: string, found: string): Promise<void> {
  if (process.env.UPDATE_GOLDENS === '1') await writeFile(file, found);
  expect(found, file).to.equal(await readFile(file, 'utf8'));
}

/** Of several commands each under its own line. */
function stderrOf(answers: readonly Answer[]): string {
  if (answers.length === 1) return answers[0]?.ended.stderr ?? '';
  return answers.map(({ run, ended }) => `$ rollcall ${run}\n${ended.stderr}`).join('');
}

/** The one document, or of several commands a list of theirs; an empty answer stays empty. */
function documentOf(answers: readonly Answer[]): string {
  const documents = answers.map(({ ended }) => ended.stdout).filter((stdout) => stdout !== '');
  for (const stdout of documents) expect(stdout, 'one document on one line').to.match(/^\{.*\}\n$/);
  if (documents.length === 0) return '';
  const parsed = documents.map((stdout) => JSON.parse(stdout) as unknown);
  return `${JSON.stringify(answers.length === 1 ? parsed[0] : parsed, null, 2)}\n`;
}
