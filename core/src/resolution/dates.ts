const SECOND_MS = 1000;
const DAY_MS = 86_400_000;
/** No zone is further from UTC than this; the answer to "which instant" always lies within. */
const WIDEST_OFFSET_MS = 16 * 3_600_000;
/** Zones are claims of strangers too: the memory of formatters stays bounded. */
const MAX_FORMATTERS = 512;

/** Making a formatter costs a hundred times more than asking it, and every user of a tenant asks for the same zone. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    era: 'narrow',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  if (formatters.size >= MAX_FORMATTERS) formatters.clear();
  formatters.set(timeZone, made);
  return made;
}

/** What the clock on the wall shows at an instant of whole seconds, as if it were UTC. */
function wallClock(instant: number, timeZone: string): number {
  const shown: Record<string, number> = {};
  let era = 'A';
  for (const part of formatterOf(timeZone).formatToParts(instant)) {
    if (part.type === 'era') era = part.value;
    else shown[part.type] = Number(part.value);
  }
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  const wall = new Date(0);
  // setUTCFullYear and not Date.UTC: the latter takes the years 0 to 99 for 1900 to 1999.
  wall.setUTCFullYear(era === 'B' ? 1 - year : year, month - 1, day);
  return wall.setUTCHours(hour, minute, second, 0);
}

function offsetAt(instant: number, timeZone: string): number {
  return wallClock(instant, timeZone) - instant;
}

/** 00:00 UTC of a date in epoch milliseconds; null where the text is no date. */
export function utcMidnight(date: unknown): number | null {
  if (typeof date !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(date)) return null;
  const midnight = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(midnight) ? null : midnight;
}

/**
 * The first instant of a day in a zone, exact where clocks change: on a day without midnight the moment of the change,
 * on a day that a zone left out the begin of the next one, where midnight comes twice the first.
 *
 * @param midnight - 00:00 of the day as if it were UTC, in epoch milliseconds.
 * @returns epoch milliseconds.
 */
export function startOfDay(midnight: number, timeZone: string): number {
  return instantOfWall(midnight, timeZone);
}

/**
 * The first instant at which the clock on a wall shows a time; where it jumps over it, the moment of the jump.
 *
 * @param wall - the time as if it were UTC, in epoch milliseconds of whole seconds.
 * @returns epoch milliseconds.
 */
export function instantOfWall(wall: number, timeZone: string): number {
  let before = wall - WIDEST_OFFSET_MS;
  let after = wall + WIDEST_OFFSET_MS;
  const offsetBefore = offsetAt(before, timeZone);
  const offsetAfter = offsetAt(after, timeZone);
  for (const candidate of [wall - offsetBefore, wall - offsetAfter]) {
    if (wallClock(candidate, timeZone) === wall) return candidate;
  }
  // The clock jumps over it: it begins with the jump itself.
  while (after - before > SECOND_MS) {
    const middle = before + Math.floor((after - before) / 2 / SECOND_MS) * SECOND_MS;
    if (offsetAt(middle, timeZone) === offsetBefore) before = middle;
    else after = middle;
  }
  return after;
}

/** 00:00 of the day that an instant falls on in a zone, as if it were UTC. */
export function startOfToday(instant: number, timeZone: string): number {
  const wall = wallClock(Math.floor(instant / SECOND_MS) * SECOND_MS, timeZone);
  return wall - (((wall % DAY_MS) + DAY_MS) % DAY_MS);
}

/** True where a day that begins at this UTC midnight has begun in every zone of the world. */
export function hasBegunEverywhere(midnight: number, now: number): boolean {
  return midnight + WIDEST_OFFSET_MS <= now;
}

/** The same wall-clock midnight some days later. */
export function addDays(midnight: number, days: number): number {
  return midnight + days * DAY_MS;
}

/** The zone that a claim names if there is one of that name, else the fallback. */
export function usableZone(claimed: unknown, fallback: string): string {
  if (typeof claimed !== 'string') return fallback;
  try {
    formatterOf(claimed);
    return claimed;
  } catch {
    return fallback;
  }
}

/** The earlier of two instants, either of which may be none. */
export function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
