import { randomUUID } from 'node:crypto';
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { isDeliveredName, readChunks, type FilePlace, type ListedFile, type OpenFile } from './file-place.js';
import type { SftpSession } from './sftp-session.js';

/** A folder of an SFTP server. */
export class SftpPlace implements FilePlace {
  readonly label: string;
  readonly #session: SftpSession;
  readonly #folder: string;
  readonly #spool: string;

  /** `spool` is a folder of this machine where a file is kept while it is read. */
  constructor(session: SftpSession, folder: string, spool: string) {
    this.label = folder;
    this.#session = session;
    this.#folder = folder.replace(/(?<=.)\/+$/, '');
    this.#spool = spool;
  }

  async connect(signal: AbortSignal): Promise<{ value: true; message: string }> {
    await this.#session.run(undefined, signal, (client) => client.cwd());
    return { value: true, message: 'the host key is the pinned one, the login is accepted' };
  }

  async list(signal: AbortSignal): Promise<ListedFile[]> {
    const entries = await this.#session.run(this.label, signal, (client) => client.list(this.#folder));
    return entries
      .filter(({ type, name }) => type === '-' && isDeliveredName(name))
      .map(({ name, size, modifyTime }) => ({ name, size, modifiedMs: modifyTime }));
  }

  async open(file: ListedFile, signal: AbortSignal): Promise<OpenFile> {
    const before = await this.#stat(file.name, signal);
    const copy = path.join(this.#spool, `csv-${randomUUID()}.part`);
    await mkdir(this.#spool, { recursive: true, mode: 0o700 });
    const handle = await open(copy, 'wx+', 0o600);
    try {
      await this.#session.run(this.#pathOf(file.name), signal, (client, touch) =>
        client.fastGet(this.#pathOf(file.name), copy, { step: touch }),
      );
      const after = await this.#stat(file.name, signal);
      const { size } = await handle.stat();
      const isWhole = size === before.size && after.size === before.size && after.modifiedMs === before.modifiedMs;
      return new SpooledFile(before, handle, isWhole);
    } catch (error) {
      await handle.close();
      throw error;
    } finally {
      // The handle keeps the content; no crash leaves a copy behind.
      await rm(copy, { force: true });
    }
  }

  async readText(name: string, signal: AbortSignal): Promise<string> {
    const found = await this.#session.run(this.#pathOf(name), signal, (client) => client.get(this.#pathOf(name)));
    return Buffer.isBuffer(found) ? found.toString('utf8') : '';
  }

  async archive(name: string, folder: string, otherName: string, signal: AbortSignal): Promise<void> {
    const target = folder.replace(/(?<=.)\/+$/, '');
    await this.#session.run(folder, signal, async (client, touch) => {
      if ((await client.exists(target)) === false) await client.mkdir(target, true);
      touch();
      const isTaken = (await client.exists(join(target, name))) !== false;
      touch();
      const to = join(target, isTaken ? otherName : name);
      // Under the other name only the same content can stand.
      if (isTaken && (await client.exists(to)) !== false) await client.posixRename(this.#pathOf(name), to);
      else await client.rename(this.#pathOf(name), to);
    });
  }

  inFolder(folder: string): FilePlace {
    return new SftpPlace(this.#session, folder, this.#spool);
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  async #stat(name: string, signal: AbortSignal): Promise<ListedFile> {
    const place = this.#pathOf(name);
    const { size, modifyTime } = await this.#session.run(place, signal, (client) => client.stat(place));
    return { name, size, modifiedMs: modifyTime };
  }

  #pathOf(name: string): string {
    return join(this.#folder, name);
  }
}

function join(folder: string, name: string): string {
  return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;
}

/** A copy of a remote file. What becomes of the file on the server afterwards does not matter to it. */
class SpooledFile implements OpenFile {
  readonly name: string;
  readonly size: number;
  readonly modifiedMs: number;
  readonly #handle: FileHandle;
  readonly #isWhole: boolean;

  constructor(file: ListedFile, handle: FileHandle, isWhole: boolean) {
    this.name = file.name;
    this.size = file.size;
    this.modifiedMs = file.modifiedMs;
    this.#handle = handle;
    this.#isWhole = isWhole;
  }

  chunks(signal: AbortSignal): AsyncIterable<Buffer> {
    return readChunks(this.#handle, signal);
  }

  isUnchanged(): Promise<boolean> {
    return Promise.resolve(this.#isWhole);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
