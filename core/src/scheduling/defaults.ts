import type { Capabilities } from '@rollcall/connector-kit';
import type { WrittenSchedule } from '../model/schedules.js';
import type { TierName } from './tier.js';

/** Schedules of directories whose tenant file says nothing. */
export const SCHEDULES = {
  /** What was accepted already is recognised at once: looking often costs next to nothing. */
  recognised: '15m',
  /** A whole read costs the source something. */
  whole: 'nightly',
  /** Nothing can be fetched. */
  none: 'off',
  /** A stream of changes answers with little. */
  delta: '5m',
  /** So long may a source that pushes be silent before somebody is told. */
  push: '7d',
} as const;

/** A tier with its schedule; empty for what comes when the source tells of something. */
export interface ScheduledTier {
  tier: TierName;
  schedule: string;
}

/** The schedule of whole reads that suits what a connector can do. */
export function defaultSchedule({ full, recognisesAccepted }: Capabilities): string {
  if (!full) return SCHEDULES.none;
  return recognisesAccepted === true ? SCHEDULES.recognised : SCHEDULES.whole;
}

/** The tiers of a directory, by what its connector can do. */
export function tiersOf(capabilities: Capabilities, written: WrittenSchedule): ScheduledTier[] {
  const tiers: ScheduledTier[] = [{ tier: 'full', schedule: written.full ?? defaultSchedule(capabilities) }];
  if (capabilities.delta) tiers.push({ tier: 'delta', schedule: written.delta ?? SCHEDULES.delta });
  if (capabilities.notifications) tiers.push({ tier: 'notification', schedule: '' });
  if (capabilities.push === true) tiers.push({ tier: 'push', schedule: written.push ?? SCHEDULES.push });
  return tiers;
}
