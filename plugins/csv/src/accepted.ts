import type { Json } from '@rollcall/connector-kit';

/** What is remembered of the file that was accepted last. */
export interface AcceptedFile {
  file: string;
  sha256: string;
  bytes: number;
  /** Of its manifest, where it had one. */
  generatedAt?: string;
  number?: number;
}

/** Reads back what a run stored; undefined for the first read and for what another version stored. */
export function readAccepted(stored: Json | undefined): AcceptedFile | undefined {
  if (stored === undefined || stored === null || typeof stored !== 'object' || Array.isArray(stored)) return undefined;
  const { file, sha256, bytes, generatedAt, number } = stored;
  if (typeof file !== 'string' || typeof sha256 !== 'string') return undefined;
  return {
    file,
    sha256,
    bytes: typeof bytes === 'number' ? bytes : -1,
    ...(typeof generatedAt === 'string' && { generatedAt }),
    ...(typeof number === 'number' && { number }),
  };
}
