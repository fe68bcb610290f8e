import type { Capabilities } from '@rollcall/connector-kit';

/** Schedules of directories whose tenant file says nothing. */
export const SCHEDULES = {
  /** What was accepted already is recognised at once: looking often costs next to nothing. */
  recognised: '15m',
  /** A whole read costs the source something. */
  whole: 'nightly',
  /** Nothing can be fetched. */
  none: 'off',
} as const;

/** The schedule that suits what a connector can do. */
export function defaultSchedule({ full, recognisesAccepted }: Capabilities): string {
  if (!full) return SCHEDULES.none;
  return recognisesAccepted === true ? SCHEDULES.recognised : SCHEDULES.whole;
}
