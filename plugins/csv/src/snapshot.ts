import type { AcceptedFile } from './accepted.js';
import { candidates, newsOf, ReadyCheck, type Wait } from './choose.js';
import { missingFile, notReady } from './file-errors.js';
import type { FilePlace, ListedFile, OpenFile } from './file-place.js';
import { hashOf, inspect, type Inspection, type Warning } from './inspect.js';
import { checkAfterRead, checkBeforeRead, type Manifest } from './manifest.js';
import { matchesPattern } from './names.js';
import type { CsvSettings } from './settings.js';

/** A file that was found fit to be read; who gets it closes it. */
export interface Snapshot {
  open: OpenFile;
  form: Inspection;
  /** What is to be remembered of it once the read is accepted. */
  accepted: AcceptedFile;
}

/** What there is to read of one kind: a file, or nothing beyond what was accepted. */
export type Found = { warnings: Warning[] } & ({ snapshot: Snapshot } | { again: AcceptedFile });

/** What a look at one file says. */
type Look = { snapshot: Snapshot } | { again: AcceptedFile } | { reason: string };

const CHANGED = { reason: 'it changed while it was read' };

/** What is looked for. */
export interface Search {
  pattern: string;
  accepted: AcceptedFile | undefined;
  /** Read the accepted file again. */
  force: boolean;
  signal: AbortSignal;
}

/** Finds the snapshot of a kind among the files of a place. */
export class SnapshotFinder {
  readonly #place: FilePlace;
  readonly #settings: CsvSettings;
  readonly #wait: Wait;

  constructor(place: FilePlace, settings: CsvSettings, wait: Wait) {
    this.#place = place;
    this.#settings = settings;
    this.#wait = wait;
  }

  /**
   * Looks at the files that can be news, the newest by name first; one that is not whole is passed over, with a warning.
   *
   * @throws SourceUnavailable where there is nothing to read and nothing was accepted before.
   * @throws FileRejected where the newest whole file must not be read.
   */
  async find(search: Search): Promise<Found> {
    const accepted = acceptedUnder(search);
    const listed = await this.#place.list(search.signal);
    const all = candidates(listed, search.pattern, this.#settings.ready);
    const ready = new ReadyCheck(this.#place, this.#settings.ready, this.#wait, listed);
    const late: { file: string; reason: string }[] = [];
    for (const file of newsOf(all, accepted)) {
      const result = await this.#look(file, ready, { ...search, accepted });
      if ('reason' in result) late.push({ file: file.name, reason: result.reason });
      else return { ...result, warnings: late.map(lateWarning) };
    }
    if (accepted !== undefined) return this.#withoutNews(accepted, all, late.map(lateWarning), search);
    const first = late[0];
    throw first === undefined ? missingFile(this.#place.label, search.pattern) : notReady(first.file, first.reason);
  }

  async #look(file: ListedFile, ready: ReadyCheck, search: Search): Promise<Look> {
    const { accepted, force, signal } = search;
    if (file.name === accepted?.file && !force && (await this.#isSame(file, accepted, signal)))
      return { again: accepted };
    const answer = await ready.look(file, signal);
    if (!answer.isReady) return answer;
    if (answer.manifest !== undefined) checkBeforeRead(answer.manifest, file, accepted);
    return this.#open(file, answer.manifest, signal);
  }

  async #open(file: ListedFile, manifest: Manifest | undefined, signal: AbortSignal): Promise<Look> {
    const open = await this.#place.open(file, signal);
    const isAsLooked = open.size === file.size && open.modifiedMs === file.modifiedMs;
    const look = isAsLooked ? await this.#inspect(open, manifest, signal) : CHANGED;
    if ('reason' in look) await open.close();
    return look;
  }

  async #inspect(open: OpenFile, manifest: Manifest | undefined, signal: AbortSignal): Promise<Look> {
    try {
      const form = await inspect(open, this.#settings.csv, signal);
      if (!(await open.isUnchanged(signal))) return CHANGED;
      if (manifest !== undefined) checkAfterRead(manifest, open.name, form);
      return { snapshot: { open, form, accepted: toAccepted(open, form, manifest) } };
    } catch (error) {
      // Half of a file may look damaged.
      if (!signal.aborted && !(await open.isUnchanged(signal))) return CHANGED;
      await open.close();
      throw error;
    }
  }

  async #isSame(file: ListedFile, accepted: AcceptedFile, signal: AbortSignal): Promise<boolean> {
    if (file.size !== accepted.bytes) return false;
    const open = await this.#place.open(file, signal);
    try {
      return (await hashOf(open, signal)) === accepted.sha256;
    } finally {
      await open.close();
    }
  }

  /** No file is newer than the accepted one, which may stand in the archive by now. */
  async #withoutNews(
    accepted: AcceptedFile,
    all: readonly ListedFile[],
    warnings: Warning[],
    search: Search,
  ): Promise<Found> {
    if (search.force) {
      const snapshot = await this.#fromArchive(accepted, search.signal);
      if (snapshot !== undefined) return { snapshot, warnings };
    }
    if (warnings.length > 0 || this.#settings.archive !== undefined) return { again: accepted, warnings };
    const message = `${accepted.file}, which was accepted last, is gone from ${this.#place.label}`;
    const older = all[0] === undefined ? '' : `; ${all[0].name} is older by name and was not read`;
    return { again: accepted, warnings: [{ code: 'RC_FILE_MISSING', message: `${message}${older}.` }] };
  }

  async #fromArchive(accepted: AcceptedFile, signal: AbortSignal): Promise<Snapshot | undefined> {
    if (this.#settings.archive === undefined) return undefined;
    const place = this.#place.inFolder(this.#settings.archive);
    const listed = await place.list(signal).catch(() => []);
    const file = listed.find(({ name, size }) => name === accepted.file && size === accepted.bytes);
    if (file === undefined) return undefined;
    const open = await place.open(file, signal);
    const form = await inspect(open, this.#settings.csv, signal).catch(() => undefined);
    if (form?.sha256 === accepted.sha256) return { open, form, accepted };
    await open.close();
    return undefined;
  }
}

/** What another pattern accepted says nothing about the names of this one. */
function acceptedUnder({ accepted, pattern }: Search): AcceptedFile | undefined {
  return accepted !== undefined && matchesPattern(accepted.file, pattern) ? accepted : undefined;
}

function lateWarning({ file, reason }: { file: string; reason: string }): Warning {
  return { code: 'RC_FILE_NOT_READY', message: `${file} is not ready and was not read: ${reason}.` };
}

function toAccepted(open: OpenFile, form: Inspection, manifest: Manifest | undefined): AcceptedFile {
  return {
    file: open.name,
    sha256: form.sha256,
    bytes: form.bytes,
    ...(manifest?.generatedAt !== undefined && { generatedAt: manifest.generatedAt }),
    ...(manifest?.number !== undefined && { number: manifest.number }),
  };
}
