import { createHash } from 'node:crypto';
import type { JsonObject } from '../model/json.js';

/** Bits kept of a content hash: 128, as hex. */
const KEPT = 32;

/** The hash by which an unchanged record is known: the JSON text in received order, volatile keys left out. */
export function fingerprint(raw: JsonObject, volatile: ReadonlySet<string>): string {
  return createHash('sha256').update(stableText(raw, volatile)).digest('hex').slice(0, KEPT);
}

function stableText(raw: JsonObject, volatile: ReadonlySet<string>): string {
  if (volatile.size === 0) return JSON.stringify(raw);
  return JSON.stringify(Object.fromEntries(Object.entries(raw).filter(([key]) => !volatile.has(key))));
}

/** sha256 as `sha256:hex`, the form of versions and file hashes. */
export function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
