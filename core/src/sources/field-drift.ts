import type { JsonObject } from '../model/json.js';
import type { FieldStat } from './field-stats.js';
import { mergeStats } from './field-stats.js';

/** Fewer records say nothing about a field. */
export const MIN_RECORDS = 20;
/** A presence that falls by more than so many points has drifted. */
const PRESENCE_POINTS = 20;

/**
 * How a field differs from what it was; null: it does not, or too few records say so. Values are named only where the
 * field is a list of choices.
 */
export function driftOf(before: FieldStat, now: FieldStat): JsonObject | null {
  if (before.total < MIN_RECORDS || now.total < MIN_RECORDS) return null;
  return typeDrift(before, now) ?? presenceDrift(before, now) ?? valueDrift(before, now);
}

/** A field of plain text has room for every shape. */
function typeDrift(before: FieldStat, now: FieldStat): JsonObject | null {
  const isNew = (type: string): boolean =>
    !(before.types as readonly string[]).includes(type) && !(type.endsWith('text') && before.types.includes('text'));
  if (before.present === 0 || !now.types.some(isNew)) return null;
  return { what: 'type', before: [...before.types], now: [...now.types], records: now.present };
}

function presenceDrift(before: FieldStat, now: FieldStat): JsonObject | null {
  const [was, is] = [percentOf(before), percentOf(now)];
  return was - is > PRESENCE_POINTS ? { what: 'presence', before: was, now: is, records: now.total } : null;
}

function percentOf({ present, total }: FieldStat): number {
  return Math.round((100 * present) / total);
}

function valueDrift(before: FieldStat, now: FieldStat): JsonObject | null {
  const known = before.values;
  if (!Array.isArray(known) || now.values === null) return null;
  if (now.values === 'many') return { what: 'unseenValue', known: known.length, records: now.present };
  const unseen = now.values.filter((value) => !known.includes(value));
  if (unseen.length === 0) return null;
  const isChoice = mergeStats(before, now).values !== 'many';
  return {
    what: 'unseenValue',
    known: known.length,
    unseen: unseen.length,
    records: now.present,
    ...(isChoice ? { values: [...unseen] } : {}),
  };
}
