import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import type { Knex } from 'knex';
import { isRunning } from './is-running.js';

/**
 * Copies a SQLite database beside itself, for a rehearsal that would hold its writer for long. The copy is as the last
 * commit left the original; who writes meanwhile is not kept waiting. Nobody else may read it.
 *
 * @param reader - a connection to the original, outside a transaction.
 * @returns the file; the caller removes it.
 */
export async function copyForRehearsal(file: string, reader: Knex): Promise<string> {
  removeLeft(file);
  const copy = `${prefixOf(file)}${process.pid}-${randomBytes(6).toString('hex')}`;
  // SQLite fills an empty file that is there, and leaves its mode.
  closeSync(openSync(copy, 'wx', 0o600));
  try {
    await reader.raw('VACUUM INTO ?', [copy]);
  } catch (error) {
    removeCopy(copy);
    throw error;
  }
  return copy;
}

/** Removes a copy with what SQLite put beside it. */
export function removeCopy(copy: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${copy}${end}`, { force: true });
}

function prefixOf(file: string): string {
  return `${file}.rehearsal-${hostname()}-`;
}

/** Copies of processes of this host that were killed in the middle of a rehearsal. */
function removeLeft(file: string): void {
  const prefix = path.basename(prefixOf(file));
  for (const name of readdirSync(path.dirname(file))) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : Number.NaN;
    if (Number.isInteger(pid) && pid !== process.pid && !isRunning(pid))
      rmSync(path.join(path.dirname(file), name), { force: true });
  }
}
