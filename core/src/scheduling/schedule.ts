import { createHash } from 'node:crypto';
import { addDays, instantOfWall, startOfToday } from '../resolution/dates.js';

/** When a tier of a directory is read: every so often, or once a night at a time of the tenant's zone. */
export type Schedule =
  | { readonly kind: 'every'; readonly ms: number }
  | { readonly kind: 'at'; readonly minutes: number }
  | { readonly kind: 'nightly' }
  | { readonly kind: 'off' };

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DAY_MS = UNITS.d;
/** More often than this nobody's source is asked. */
const LEAST_MS = UNITS.m;

/** Reads a schedule that matches `SCHEDULE_PATTERN`. */
export function parseSchedule(text: string): Schedule {
  if (text === 'nightly' || text === 'off') return { kind: text };
  const [hours, minutes] = text.split(':').map(Number);
  if (hours !== undefined && minutes !== undefined) return { kind: 'at', minutes: hours * 60 + minutes };
  const unit = UNITS[text.slice(-1) as keyof typeof UNITS];
  return { kind: 'every', ms: Math.max(LEAST_MS, Number(text.slice(0, -1)) * unit) };
}

/** How old the answer of a tier may grow between two runs; null: it is not read by itself. */
export function intervalOf(schedule: Schedule): number | null {
  if (schedule.kind === 'off') return null;
  return schedule.kind === 'every' ? schedule.ms : DAY_MS;
}

/** Nights begin at 01:00 and end at 05:00: directories are spread over them, each at a time of its own. */
const NIGHT = { from: 60, minutes: 240 } as const;

/** Where a directory is asked for in all that is spread: from 0 up to 1, always the same for the same id. */
export function shareOf(directoryId: string): number {
  return createHash('sha256').update(directoryId).digest().readUInt32BE(0) / 2 ** 32;
}

/**
 * The instant of the next run.
 *
 * @param last - when the tier began last, in epoch milliseconds; null: never, then it is due at once.
 * @returns epoch milliseconds; null where the tier is off.
 */
export function nextRun(
  schedule: Schedule,
  place: { directoryId: string; timeZone: string; last: number | null; now: number },
): number | null {
  if (schedule.kind === 'off') return null;
  if (place.last === null) return place.now;
  // A clock that was wrong for a while must not put the next run off for as long.
  const last = Math.min(place.last, place.now);
  if (schedule.kind === 'every') return last + schedule.ms;
  const minutes =
    schedule.kind === 'at' ? schedule.minutes : NIGHT.from + Math.floor(shareOf(place.directoryId) * NIGHT.minutes);
  return nextAtMinutes(minutes, place.timeZone, last);
}

/** The first time after `last` at which the clock on the wall shows so many minutes after midnight. */
function nextAtMinutes(minutes: number, timeZone: string, last: number): number {
  const today = startOfToday(last, timeZone);
  for (let day = 0; ; day++) {
    const at = instantOfWall(addDays(today, day) + minutes * 60_000, timeZone);
    if (at > last) return at;
  }
}
