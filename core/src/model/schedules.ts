/** How schedules are written in a tenant file: `nightly`, `off`, a time such as `02:30`, or an interval such as `15m`. */
export const SCHEDULE_PATTERN = '^(nightly|off|([01]\\d|2[0-3]):[0-5]\\d|[1-9]\\d{0,3}[mhd])$';
