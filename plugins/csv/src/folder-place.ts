import { constants } from 'node:fs';
import {
  copyFile,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  stat,
  unlink,
  type FileHandle,
} from 'node:fs/promises';
import path from 'node:path';
import { PermissionMissing, SourceUnavailable } from '@rollcall/connector-kit';
import { isDeliveredName, readChunks, type FilePlace, type ListedFile, type OpenFile } from './file-place.js';

const MEND_FOLDER =
  'Make the folder, or correct from.folder in the settings of the directory; it is relative to the project.';

/** A folder of this machine. */
export class FolderPlace implements FilePlace {
  readonly label: string;
  readonly #absolute: string;

  /** `folder` as written in the settings, `absolute` where it is. */
  constructor(folder: string, absolute: string) {
    this.label = folder;
    this.#absolute = absolute;
  }

  connect(signal: AbortSignal): Promise<{ value: true; message: string }> {
    signal.throwIfAborted();
    return Promise.resolve({ value: true, message: 'a folder of this machine' });
  }

  async list(signal: AbortSignal): Promise<ListedFile[]> {
    signal.throwIfAborted();
    const entries = await readdir(this.#absolute, { withFileTypes: true }).catch((error: unknown) => {
      throw this.#unavailable(this.label, error);
    });
    const files: ListedFile[] = [];
    for (const entry of entries) {
      if (!entry.isFile() || !isDeliveredName(entry.name)) continue;
      const found = await lstat(this.#pathOf(entry.name)).catch(() => undefined);
      if (found?.isFile()) files.push({ name: entry.name, size: found.size, modifiedMs: found.mtimeMs });
    }
    return files;
  }

  async open(file: ListedFile, signal: AbortSignal): Promise<OpenFile> {
    signal.throwIfAborted();
    const handle = await open(this.#pathOf(file.name), constants.O_RDONLY | constants.O_NOFOLLOW).catch(
      (error: unknown) => {
        throw this.#unavailable(file.name, error);
      },
    );
    const { size, mtimeMs } = await handle.stat();
    return new OpenFolderFile(this.#pathOf(file.name), { name: file.name, size, modifiedMs: mtimeMs }, handle);
  }

  async readText(name: string, signal: AbortSignal): Promise<string> {
    return readFile(this.#pathOf(name), { encoding: 'utf8', signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw this.#unavailable(name, error);
    });
  }

  async archive(name: string, folder: string, otherName: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await mkdir(folder, { recursive: true });
    const isTaken = await exists(path.join(folder, name));
    await move(this.#pathOf(name), path.join(folder, isTaken ? otherName : name));
  }

  inFolder(folder: string): FilePlace {
    return new FolderPlace(folder, folder);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #pathOf(name: string): string {
    return path.join(this.#absolute, name);
  }

  #unavailable(what: string, error: unknown): Error {
    const code = codeOf(error);
    const where = { file: what };
    if (code === 'EACCES' || code === 'EPERM') {
      return new PermissionMissing({
        what: `${what} may not be read by this user.`,
        where,
        mend: 'Give the user that runs Rollcall the right to read the folder and its files.',
        cause: error,
      });
    }
    const problem =
      code === 'ENOENT' ? 'does not exist' : code === 'ENOTDIR' ? 'is not a folder' : `cannot be read (${code})`;
    return new SourceUnavailable({
      what: `${what} ${problem}.`,
      where,
      mend: what === this.label ? MEND_FOLDER : 'Run sync again; if it happens again, see who moves files away.',
      cause: error,
    });
  }
}

class OpenFolderFile implements OpenFile {
  readonly name: string;
  readonly size: number;
  readonly modifiedMs: number;
  readonly #path: string;
  readonly #handle: FileHandle;

  constructor(place: string, file: ListedFile, handle: FileHandle) {
    this.name = file.name;
    this.size = file.size;
    this.modifiedMs = file.modifiedMs;
    this.#path = place;
    this.#handle = handle;
  }

  chunks(signal: AbortSignal): AsyncIterable<Buffer> {
    return readChunks(this.#handle, signal);
  }

  async isUnchanged(): Promise<boolean> {
    const [open, named] = await Promise.all([this.#handle.stat(), stat(this.#path).catch(() => undefined)]);
    const isSame = open.size === this.size && open.mtimeMs === this.modifiedMs;
    // Another file under the name is another delivery, and this one may have been replaced half-way.
    return isSame && named?.ino === open.ino && named.dev === open.dev;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

async function exists(place: string): Promise<boolean> {
  return lstat(place).then(
    () => true,
    () => false,
  );
}

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error;
    await copyFile(from, to);
    await unlink(from);
  }
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'unknown';
}
