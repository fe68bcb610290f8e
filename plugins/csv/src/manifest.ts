import type { AcceptedFile } from './accepted.js';
import { badManifest, partial, shorterThanManifest, stale, unlikeManifest } from './file-errors.js';
import type { ListedFile } from './file-place.js';
import type { Inspection } from './inspect.js';

/** What a manifest says about its file; every key is optional. */
export interface Manifest {
  /** The manifest's own name. */
  name: string;
  file?: string;
  bytes?: number;
  rows?: number;
  sha256?: string;
  /** ISO 8601, as written. */
  generatedAt?: string;
  number?: number;
  full?: boolean;
}

const TYPES = {
  file: 'string',
  bytes: 'number',
  rows: 'number',
  sha256: 'string',
  generatedAt: 'string',
  date: 'string',
  number: 'number',
  sequence: 'number',
  full: 'boolean',
} as const;

/** Reads a manifest; keys that it does not know are ignored, keys of a wrong type are not. */
export function readManifest(name: string, text: string): Manifest {
  const document = parseObject(name, text);
  for (const [key, type] of Object.entries(TYPES)) {
    if (document[key] !== undefined && typeof document[key] !== type) {
      throw badManifest(name, `"${key}" must be a ${type}`);
    }
  }
  const { date, sequence, ...rest } = document as Omit<Manifest, 'name'> & { date?: string; sequence?: number };
  const manifest: Manifest = { ...pick(rest), name };
  const generatedAt = rest.generatedAt ?? date;
  const number = rest.number ?? sequence;
  if (generatedAt !== undefined) {
    if (Number.isNaN(Date.parse(generatedAt))) throw badManifest(name, '"generatedAt" is no date');
    manifest.generatedAt = generatedAt;
  }
  if (number !== undefined) manifest.number = number;
  return manifest;
}

function parseObject(name: string, text: string): Record<string, unknown> {
  let document: unknown;
  try {
    document = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw badManifest(name, 'it is no JSON', error);
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw badManifest(name, 'it is no JSON object');
  }
  return document as Record<string, unknown>;
}

function pick(document: Omit<Manifest, 'name'>): Omit<Manifest, 'name'> {
  const { file, bytes, rows, sha256, full } = document;
  return {
    ...(file !== undefined && { file }),
    ...(bytes !== undefined && { bytes }),
    ...(rows !== undefined && { rows }),
    ...(sha256 !== undefined && { sha256: sha256.toLowerCase().replace(/^sha256:/, '') }),
    ...(full !== undefined && { full }),
  };
}

/** Compares a manifest with what is known before its file is read. */
export function checkBeforeRead(manifest: Manifest, file: ListedFile, accepted: AcceptedFile | undefined): void {
  if (manifest.file !== undefined && manifest.file !== file.name) {
    throw unlikeManifest(file.name, manifest.name, 'the name of the file');
  }
  if (manifest.full === false) throw partial(file.name, manifest.name);
  if (accepted !== undefined) checkAge(manifest, file.name, accepted);
  if (manifest.bytes === undefined || manifest.bytes === file.size) return;
  if (file.size < manifest.bytes) throw shorterThanManifest(file.name, manifest.name, file.size, manifest.bytes);
  throw unlikeManifest(file.name, manifest.name, `bytes: ${file.size}, not ${manifest.bytes}`);
}

function checkAge(manifest: Manifest, file: string, accepted: AcceptedFile): void {
  const { generatedAt, number } = manifest;
  if (generatedAt !== undefined && accepted.generatedAt !== undefined) {
    if (Date.parse(generatedAt) < Date.parse(accepted.generatedAt)) throw stale(file, 'date', accepted.file);
  }
  if (number !== undefined && accepted.number !== undefined && number < accepted.number) {
    throw stale(file, 'number', accepted.file);
  }
}

/** Compares a manifest with what the first pass over its file found. */
export function checkAfterRead(manifest: Manifest, file: string, found: Inspection): void {
  if (manifest.sha256 !== undefined && found.sha256 !== manifest.sha256) {
    throw unlikeManifest(file, manifest.name, 'sha256');
  }
  if (manifest.rows !== undefined && found.rows !== manifest.rows) {
    throw unlikeManifest(file, manifest.name, `rows: ${found.rows}, not ${manifest.rows}`);
  }
}
