import type { HeldDocument } from '../model/documents.js';
import type { GuardName, GuardRules } from '../model/rules.js';
import type { GuardCount, GuardCounter } from './guard-counts.js';

/** A guard that tripped. */
export interface Trip {
  guard: GuardName;
  part: string;
  count: GuardCount;
  /** What was counted, together with what went through in the last 24 hours. */
  total: number;
  limit: number;
}

/** How many of each guard and part went through in the last 24 hours. */
export type Recent = ReadonlyMap<string, number>;

/** The larger of the count and the percentage, rounded up: below it a guard keeps quiet. */
export function limitOf(rules: GuardRules, guard: GuardName, base: number): number {
  const { count, percent } = rules[guard];
  return Math.max(count, Math.ceil((base * percent) / 100));
}

/** False where no guard's count is reached, whatever its percentage is of. */
export function mayTrip(rules: GuardRules, counter: GuardCounter, recent: Recent): boolean {
  return [...counter.counts].some(
    ([place, count]) => count.items.length + (recent.get(place) ?? 0) >= rules[count.guard].count,
  );
}

/** Which guards trip: count and percentage both reached, in this run or together with the last 24 hours. */
export function tripsOf(rules: GuardRules, counter: GuardCounter, base: number, recent: Recent): Trip[] {
  const trips: Trip[] = [];
  for (const [place, count] of counter.counts) {
    const total = count.items.length + (recent.get(place) ?? 0);
    const limit = limitOf(rules, count.guard, count.base ?? base);
    const isOff = rules.neverHold && count.guard === 'deactivations';
    if (total >= limit && !isOff) trips.push({ guard: count.guard, part: count.part, count, total, limit });
  }
  return trips.sort((a, b) => (`${a.guard}/${a.part}` < `${b.guard}/${b.part}` ? -1 : 1));
}

/** Whether so many records became unknown that the mapping or the export must be broken. */
export function quarantineTrips(rules: GuardRules, counter: GuardCounter): HeldDocument | null {
  const limit = limitOf(rules, 'quarantine', counter.examined);
  return counter.unknown > 0 && counter.unknown >= limit
    ? { reviewId: null, guard: 'quarantine', count: counter.unknown, limit }
    : null;
}
