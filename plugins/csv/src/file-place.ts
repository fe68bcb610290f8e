import type { FileHandle } from 'node:fs/promises';

/** A file as a listing shows it. */
export interface ListedFile {
  name: string;
  size: number;
  /** As the server tells it; compared with other times of the same server alone. */
  modifiedMs: number;
}

/** A file opened to be read, twice if need be. */
export interface OpenFile {
  readonly name: string;
  readonly size: number;
  readonly modifiedMs: number;
  /** The bytes from the beginning. */
  chunks(signal: AbortSignal): AsyncIterable<Buffer>;
  /** True while the file at its source is the one that was opened: same size, same time. */
  isUnchanged(signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}

/** Where files arrive: a folder of this machine or one of an SFTP server. */
export interface FilePlace {
  /** For people, without anything secret. */
  readonly label: string;
  /** Reaches the place and logs in, and says in words what it found. */
  connect(signal: AbortSignal): Promise<{ value: true; message: string }>;
  /** Regular files with harmless names; links, hidden and half-uploaded ones are left out. */
  list(signal: AbortSignal): Promise<ListedFile[]>;
  open(file: ListedFile, signal: AbortSignal): Promise<OpenFile>;
  /** A small file as text. */
  readText(name: string, signal: AbortSignal): Promise<string>;
  /** Moves a file to the archive folder; one that is there already under that name is not overwritten. */
  archive(name: string, folder: string, otherName: string, signal: AbortSignal): Promise<void>;
  /** Another folder of the same machine. */
  inFolder(folder: string): FilePlace;
  close(): Promise<void>;
}

const UPLOADING = /\.(?:part|tmp|filepart)$/i;
const HARMFUL = /[\u0000-\u001f\u007f/\\]/;

/** True for a name that may be a delivered file: not hidden, not under way, nothing that a terminal or a path would obey. */
export function isDeliveredName(name: string): boolean {
  return !name.startsWith('.') && !UPLOADING.test(name) && !HARMFUL.test(name);
}

/** Small enough that the work on one chunk does not hold the event loop. */
const CHUNK_BYTES = 32 * 1024;

/** Reads an open file from its beginning, whatever was read of it before. */
export async function* readChunks(handle: FileHandle, signal: AbortSignal): AsyncGenerator<Buffer> {
  for (let position = 0; ;) {
    signal.throwIfAborted();
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
