import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRollcall } from '@rollcall/core';
import { createServer } from '../create-server.js';
import { breakingChanges } from './breaking-changes.js';

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
/** What the routes say now. */
const current = path.join(folder, 'openapi.json');
/** What the last release said; rewritten by a release alone: `--release`. */
const released = path.join(folder, 'openapi.released.json');

/** The document that the routes describe, as it is committed. */
export async function apiDescription(): Promise<string> {
  await using rollcall = await createRollcall({ store: { client: 'sqlite3', file: ':memory:' } });
  await using server = await createServer({ rollcall, secretKey: randomBytes(32) });
  return `${JSON.stringify(server.app.swagger(), null, 2)}\n`;
}

/** What the committed document takes away from the one of the last release. */
export async function changesSinceRelease(): Promise<string[]> {
  return breakingChanges(await documentIn(released), await documentIn(current));
}

async function documentIn(file: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
}

/** `--check` fails where the committed document is stale or breaks the last release; `--release` makes it the last release. */
async function run(): Promise<void> {
  const text = await apiDescription();
  if (!process.argv.includes('--check')) {
    await writeFile(current, text);
    if (process.argv.includes('--release')) await writeFile(released, text);
    return;
  }
  const isStale = (await readFile(current, 'utf8').catch(() => '')) !== text;
  const problems = [
    ...(isStale ? ['server/openapi.json is not what the routes say. Run: npm run docs -w @rollcall/server'] : []),
    ...(await changesSinceRelease()).map((change) => `breaks the last release: ${change}`),
  ];
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run();
