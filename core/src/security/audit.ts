import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../model/json.js';

/** A row of the audit log as the chain sees it. */
export interface AuditRow {
  sequence: number;
  entry: JsonObject;
  hash: string;
}

/** A place in the chain: the hash after that many rows. */
export interface ChainHead {
  sequence: number;
  hash: string;
}

/** What is wrong with the first bad row. */
export type ChainProblem = 'changed' | 'missing' | 'truncated';

export type ChainResult =
  | { ok: true; checked: number; head: ChainHead }
  | { ok: false; checked: number; sequence: number; problem: ChainProblem };

/** The head of an empty chain. */
export const CHAIN_START: ChainHead = { sequence: 0, hash: `sha256:${'0'.repeat(64)}` };

/** JSON with sorted keys: a store may hand the keys of an entry back in another order. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const pairs = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`);
  return `{${pairs.join(',')}}`;
}

/** The hash of a new row: over the hash of the row before it and its own entry. */
export function nextHash(previous: string, entry: JsonObject): string {
  const digest = createHash('sha256').update(previous).update('\n').update(canonical(entry)).digest('hex');
  return `sha256:${digest}`;
}

/**
 * Walks the chain and names the first bad row.
 *
 * @param rows - in the order of their sequence.
 * @param from - where the walk starts, when older rows were checked before.
 * @param head - a head that was kept elsewhere; without one, rows cut off the end cannot be noticed.
 */
export function verifyChain(rows: Iterable<AuditRow>, from: ChainHead = CHAIN_START, head?: ChainHead): ChainResult {
  let { sequence, hash } = from;
  let checked = 0;
  const bad = (problem: ChainProblem, at: number): ChainResult => ({ ok: false, checked, sequence: at, problem });
  for (const row of rows) {
    if (row.sequence !== sequence + 1) return bad('missing', sequence + 1);
    const expected = nextHash(hash, row.entry);
    if (row.hash !== expected) return bad('changed', row.sequence);
    if (row.sequence === head?.sequence && row.hash !== head.hash) return bad('changed', row.sequence);
    sequence = row.sequence;
    hash = expected;
    checked += 1;
  }
  if (head !== undefined && sequence < head.sequence) return bad('truncated', sequence + 1);
  return { ok: true, checked, head: { sequence, hash } };
}
