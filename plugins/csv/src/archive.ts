import type { Logger } from '@rollcall/connector-kit';
import type { AcceptedFile } from './accepted.js';
import { companionOf } from './choose.js';
import type { FilePlace, ListedFile } from './file-place.js';
import { hashOf } from './inspect.js';
import type { ReadySettings } from './settings.js';

/**
 * Moves a committed file, and its marker or manifest behind it, to the archive. Doing it twice does no harm.
 *
 * A file under that name that is not the accepted one was not read yet: it stays. Failing changes nothing about what was
 * read, so it is a warning; without the move the hash alone keeps the file from being read again.
 */
export async function archiveFile(
  place: FilePlace,
  ready: ReadySettings,
  accepted: AcceptedFile,
  folder: string,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  try {
    const listed = await place.list(signal);
    const file = listed.find(({ name }) => name === accepted.file);
    if (file === undefined || !(await isAccepted(place, file, accepted, signal))) return;
    const names = [accepted.file];
    if (ready.kind !== 'stable') names.push(companionOf(accepted.file, ready.pattern));
    for (const name of names) {
      if (!listed.some((other) => other.name === name)) continue;
      await place.archive(name, folder, `${name}.${accepted.sha256.slice(0, 12)}`, signal);
    }
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    log.warn('a committed file could not be moved to the archive', {
      code: 'RC_FILE_NOT_ARCHIVED',
      file: accepted.file,
      reason,
    });
  }
}

async function isAccepted(
  place: FilePlace,
  file: ListedFile,
  accepted: AcceptedFile,
  signal: AbortSignal,
): Promise<boolean> {
  if (file.size !== accepted.bytes) return false;
  const open = await place.open(file, signal);
  try {
    return (await hashOf(open, signal)) === accepted.sha256;
  } finally {
    await open.close();
  }
}
