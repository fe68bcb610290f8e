import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckReport, Connector, Json, Logger, Page, ReadRequest, RecordKind } from '@rollcall/connector-kit';
import { readAccepted, type AcceptedFile } from './accepted.js';
import { archiveFile } from './archive.js';
import { checkPlace } from './check.js';
import type { Wait } from './choose.js';
import type { FilePlace } from './file-place.js';
import { readPages } from './pages.js';
import { normalFolder, type CsvSettings } from './settings.js';
import { SnapshotFinder } from './snapshot.js';

/** What lives around a connector. */
export interface Surroundings {
  place: FilePlace;
  log: Logger;
  /** Between two looks at a file. */
  wait?: Wait;
}

/** Reads CSV files from a folder or an SFTP server; the newest by name of each kind is its snapshot. */
export class CsvConnector implements Connector {
  readonly #settings: CsvSettings;
  readonly #place: FilePlace;
  readonly #log: Logger;
  readonly #finder: SnapshotFinder;
  /** Files that were accepted by an earlier run and are still there. */
  readonly #again: AcceptedFile[] = [];

  constructor(settings: CsvSettings, { place, log, wait = waitFor }: Surroundings) {
    this.#settings = settings;
    this.#place = place;
    this.#log = log;
    this.#finder = new SnapshotFinder(place, settings, wait);
  }

  check(signal: AbortSignal): Promise<CheckReport> {
    return checkPlace(this.#place, this.#settings, signal);
  }

  async *readFull(request: ReadRequest): AsyncGenerator<Page> {
    for (const kind of request.kinds) {
      const pattern = this.#settings.files[kind];
      if (pattern !== undefined) yield* this.#readKind(kind, pattern, request);
    }
  }

  /**
   * Moves the accepted files to the archive, those of an earlier run too that ended before it could.
   *
   * @throws the first failure, once every file was tried.
   */
  async committed(accepted: Readonly<Partial<Record<RecordKind, Json>>>, signal: AbortSignal): Promise<void> {
    const files = [...this.#again.splice(0), ...Object.values(accepted).map((stored) => readAccepted(stored))];
    const failures: unknown[] = [];
    for (const file of files) {
      if (file === undefined) continue;
      await archiveFile(this.#place, this.#settings, file, signal).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }

  async close(): Promise<void> {
    await this.#place.close();
  }

  async *#readKind(kind: RecordKind, pattern: string, request: ReadRequest): AsyncGenerator<Page> {
    const begin = await request.mark();
    const scopeKey = scopeKeyOf(this.#settings.from, pattern);
    const { signal, force } = request;
    const search = { pattern, accepted: readAccepted(request.accepted[kind]), force, signal };
    const found = await this.#finder.find(search);
    if ('again' in found) {
      const { file, sha256 } = found.again;
      this.#again.push(found.again);
      const source = { file, sha256, alreadyAccepted: true };
      yield { kind, begin, scopeKey, observations: [], source, warnings: found.warnings };
      return;
    }
    const { open, form, accepted } = found.snapshot;
    try {
      this.#log.info('reading a file', {
        file: open.name,
        bytes: form.bytes,
        rows: form.rows,
        encoding: form.encoding,
      });
      yield* readPages(
        open,
        form,
        { kind, begin, scopeKey, warnings: found.warnings, accepted: { ...accepted } },
        request,
      );
    } finally {
      await open.close();
    }
  }
}

async function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal });
}

/** Names whose files are read; another port or another form of the files is the same question. */
function scopeKeyOf(from: CsvSettings['from'], pattern: string): string {
  if (from.kind === 'folder') return JSON.stringify(['folder', normalFolder(from.folder), pattern]);
  const { host, user, folder } = from.sftp;
  return JSON.stringify(['sftp', host, user, normalFolder(folder), pattern]);
}
