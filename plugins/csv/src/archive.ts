import { isRollcallError, SourceUnavailable } from '@rollcall/connector-kit';
import type { AcceptedFile } from './accepted.js';
import { companionOf } from './choose.js';
import type { FilePlace, ListedFile } from './file-place.js';
import { hashOf } from './inspect.js';
import type { CsvSettings } from './settings.js';

/**
 * Moves a committed file, and its marker or manifest behind it, to the archive. Doing it twice does no harm.
 *
 * A file under that name that is not the accepted one was not read yet: it stays.
 *
 * @throws RC_FILE_NOT_ARCHIVED; that changes nothing about what was read, and the hash keeps the file from being read again.
 */
export async function archiveFile(
  place: FilePlace,
  { archive, ready }: Pick<CsvSettings, 'archive' | 'ready'>,
  accepted: AcceptedFile,
  signal: AbortSignal,
): Promise<void> {
  if (archive === undefined) return;
  try {
    const listed = await place.list(signal);
    const file = listed.find(({ name }) => name === accepted.file);
    if (file === undefined || !(await isAccepted(place, file, accepted, signal))) return;
    const names = [accepted.file];
    if (ready.kind !== 'stable') names.push(companionOf(accepted.file, ready.pattern));
    for (const name of names) {
      if (!listed.some((other) => other.name === name)) continue;
      await place.archive(name, archive, `${name}.${accepted.sha256.slice(0, 12)}`, signal);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw notArchived(accepted.file, error);
  }
}

function notArchived(file: string, cause: unknown): SourceUnavailable {
  const code = (cause as { code?: unknown }).code;
  const reason = isRollcallError(cause) ? cause.message : `it fails with ${String(code)}`;
  return new SourceUnavailable({
    code: 'RC_FILE_NOT_ARCHIVED',
    what: `${file} was read and could not be moved to the archive: ${reason}`,
    where: { file },
    mend: 'Give the right to write there, or set archive to false in the settings of the directory; the next run tries again.',
    cause,
  });
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
