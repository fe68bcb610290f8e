import type { AttributeName, ClaimedRecord } from '../model/claims.js';
import type { Json } from '../model/json.js';
import type { AttributeRule } from '../model/rules.js';
import type { RecordsByDirectory } from './best-record.js';

/** One record that says something of an attribute. */
export interface Speaker {
  record: ClaimedRecord;
  value: Json;
  /** The value is a last good one. */
  isUnknown: boolean;
  /** Not gone, not retired: only such claims disagree with each other. */
  isPresent: boolean;
  /** Epoch milliseconds at which the rule's `maxAge` demotes the claim; null: never, or it already did. */
  expiresAt: number | null;
  rank: number;
}

/** Ranks of claims; within a rank the order of `from` and of a directory's records decides. */
const FRESH = 0;
const STALE = 1;
/** Added for gone and retired records: they speak below every present one, however old that is. */
const DEPARTED = 2;

/**
 * Who speaks of an attribute, the strongest first. `from` is exhaustive; undefined falls through; null is a word like any
 * other; an unknown claim speaks with its last good value, and not at all where it has none.
 */
export function speakersOf(
  attribute: AttributeName,
  from: readonly string[],
  rule: AttributeRule | undefined,
  records: RecordsByDirectory,
  now: number,
): Speaker[] {
  const speakers: Speaker[] = [];
  let isSorted = true;
  for (const directory of from) {
    for (const record of records.get(directory) ?? []) {
      const speaker = speak(attribute, record, rule?.maxAgeMs ?? null, now);
      if (speaker === null) continue;
      speakers.push(speaker);
      isSorted &&= speaker.rank === FRESH;
    }
  }
  return isSorted ? speakers : speakers.sort((a, b) => a.rank - b.rank);
}

function speak(attribute: AttributeName, record: ClaimedRecord, maxAgeMs: number | null, now: number): Speaker | null {
  const claim = record.claims[attribute];
  if (claim?.value === undefined) return null;
  const isPresent = record.gone === null && !record.retired;
  const expiry = maxAgeMs === null || record.freshAt === undefined ? null : Date.parse(record.freshAt) + maxAgeMs;
  const isStale = expiry !== null && expiry <= now;
  return {
    record,
    value: claim.value,
    isUnknown: claim.unknown !== undefined,
    isPresent,
    expiresAt: isStale ? null : expiry,
    rank: (isPresent ? 0 : DEPARTED) + (isStale ? STALE : FRESH),
  };
}

/** The instant at which `maxAge` may let somebody else speak; null where nobody waits or nothing expires. */
export function nextExpiry(speakers: readonly Speaker[], strategy: 'priority' | 'union' | 'vote'): number | null {
  if (speakers.length < 2) return null;
  let next: number | null = null;
  // Under priority only the winner can lose by growing old; a union changes its spelling with any of them.
  for (const { expiresAt } of strategy === 'union' ? speakers : speakers.slice(0, 1)) {
    if (expiresAt !== null && (next === null || expiresAt < next)) next = expiresAt;
  }
  return next;
}
