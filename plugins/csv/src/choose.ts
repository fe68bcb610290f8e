import type { AcceptedFile } from './accepted.js';
import { badManifest } from './file-errors.js';
import type { FilePlace, ListedFile } from './file-place.js';
import { readManifest, type Manifest } from './manifest.js';
import { compareNames, matchesPattern } from './names.js';
import type { ReadySettings } from './settings.js';

const MAX_MANIFEST_BYTES = 1024 * 1024;

/** Waits; stops early when the signal fires. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** The files of a kind that may be read, the newest by name first. */
export function candidates(files: readonly ListedFile[], pattern: string, ready: ReadySettings): ListedFile[] {
  const companions = new Set(ready.kind === 'stable' ? [] : files.map(({ name }) => companionOf(name, ready.pattern)));
  return files
    .filter(({ name }) => matchesPattern(name, pattern) && !companions.has(name))
    .sort((a, b) => compareNames(b.name, a.name));
}

/** The name of a file's marker or manifest. */
export function companionOf(name: string, pattern: string): string {
  return pattern.replaceAll('{file}', name);
}

/**
 * The candidates that can be news: those with a name behind that of the last accepted file, and that file itself.
 *
 * Without a manifest the name alone tells age. An older name is not read: the accepted file was archived or removed.
 */
export function newsOf(found: readonly ListedFile[], accepted: AcceptedFile | undefined): readonly ListedFile[] {
  if (accepted === undefined) return found;
  return found.filter(({ name }) => compareNames(name, accepted.file) >= 0);
}

/** Whether a file is whole, and its manifest where the settings ask for one. */
export type Readiness = { isReady: true; manifest?: Manifest } | { isReady: false; reason: string };

/** Looks whether files are whole; the wait between two looks happens once a read. */
export class ReadyCheck {
  readonly #place: FilePlace;
  readonly #ready: ReadySettings;
  readonly #wait: Wait;
  readonly #firstLook: ReadonlyMap<string, ListedFile>;
  #secondLook: ReadonlyMap<string, ListedFile> | undefined;

  constructor(place: FilePlace, ready: ReadySettings, wait: Wait, listed: readonly ListedFile[]) {
    this.#place = place;
    this.#ready = ready;
    this.#wait = wait;
    this.#firstLook = byName(listed);
  }

  async look(file: ListedFile, signal: AbortSignal): Promise<Readiness> {
    if (this.#ready.kind === 'stable') return this.#lookTwice(file, this.#ready.seconds, signal);
    const name = companionOf(file.name, this.#ready.pattern);
    const companion = this.#firstLook.get(name);
    if (companion === undefined) return { isReady: false, reason: `${name} is not there yet` };
    if (this.#ready.kind === 'manifest') {
      if (companion.size > MAX_MANIFEST_BYTES) throw badManifest(name, 'it is longer than a megabyte');
      return { isReady: true, manifest: readManifest(name, await this.#place.readText(name, signal)) };
    }
    // Servers tell whole seconds.
    if (Math.floor(companion.modifiedMs / 1000) < Math.floor(file.modifiedMs / 1000)) {
      return { isReady: false, reason: `${name} is older than the file` };
    }
    return { isReady: true };
  }

  async #lookTwice(file: ListedFile, seconds: number, signal: AbortSignal): Promise<Readiness> {
    if (seconds === 0) return { isReady: true };
    if (this.#secondLook === undefined) {
      await this.#wait(seconds * 1000, signal);
      this.#secondLook = byName(await this.#place.list(signal));
    }
    const now = this.#secondLook.get(file.name);
    if (now === undefined) return { isReady: false, reason: 'it vanished between two looks' };
    if (now.size === file.size && now.modifiedMs === file.modifiedMs) return { isReady: true };
    return { isReady: false, reason: `it changed between two looks, ${seconds} s apart` };
  }
}

function byName(files: readonly ListedFile[]): Map<string, ListedFile> {
  return new Map(files.map((file) => [file.name, file]));
}
