/** How schedules are written in a tenant file: `nightly`, `off`, a time such as `02:30`, or an interval such as `15m`. */
export const SCHEDULE_PATTERN = '^(nightly|off|([01]\\d|2[0-3]):[0-5]\\d|[1-9]\\d{0,3}[mhd])$';

/** How what has no time of day is written: `off`, or an interval such as `5m`. */
export const INTERVAL_PATTERN = '^(off|[1-9]\\d{0,3}[mhd])$';

/** When the tiers of a directory run, as its tenant file says; what is not named goes by what the connector can do. */
export interface WrittenSchedule {
  readonly full?: string;
  readonly delta?: string;
  readonly push?: string;
  /** How many requests a day its source is meant to be asked; more are reported. */
  readonly requestsPerDay?: number;
}
