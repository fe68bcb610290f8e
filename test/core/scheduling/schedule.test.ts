import { expect } from 'chai';
import { backOffMs } from '#core/scheduling/back-off.js';
import { intervalOf, nextRun, parseSchedule, shareOf } from '#core/scheduling/schedule.js';
import { SCHEDULE_PATTERN } from '#core/model/schedules.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const NOW = '2026-03-09T08:00:00Z';

/** Asked at the begin of the last run, or at `now`. */
function next(
  text: string,
  last: string | null,
  { timeZone = 'Europe/Berlin', directoryId = 'dir-1', now = last ?? NOW } = {},
): string | null {
  const at = nextRun(parseSchedule(text), {
    directoryId,
    timeZone,
    last: last === null ? null : Date.parse(last),
    now: Date.parse(now),
  });
  return at === null ? null : new Date(at).toISOString();
}

describe('schedules', () => {
  it('are written as an interval, a time, nightly or off', () => {
    const pattern = new RegExp(SCHEDULE_PATTERN);
    for (const good of ['15m', '6h', '1d', '02:30', '23:59', 'nightly', 'off']) expect(good).to.match(pattern);
    for (const bad of ['', '0m', '15', '24:00', '2:30', 'daily', '-5m', '15 m', '15s', '99999m'])
      expect(bad).to.not.match(pattern);
  });

  it('are due at once where there was no run yet, and never where they are off', () => {
    for (const text of ['15m', '02:30', 'nightly']) expect(next(text, null)).to.equal('2026-03-09T08:00:00.000Z');
    expect(next('off', null)).to.equal(null);
    expect(intervalOf(parseSchedule('off'))).to.equal(null);
  });

  it('count intervals from the begin of the last run', () => {
    expect(next('15m', '2026-03-09T08:00:00Z')).to.equal('2026-03-09T08:15:00.000Z');
    expect(next('1d', '2026-03-09T08:00:00Z')).to.equal('2026-03-10T08:00:00.000Z');
    expect(intervalOf(parseSchedule('6h'))).to.equal(6 * HOUR);
  });

  it('are not put off by a clock that was ahead', () => {
    expect(next('15m', '2027-03-09T08:00:00Z', { now: NOW })).to.equal('2026-03-09T08:15:00.000Z');
    expect(next('02:30', '2027-03-09T08:00:00Z', { now: NOW })).to.equal('2026-03-10T01:30:00.000Z');
  });

  it('keep to the clock on the wall of the zone, also where it jumps', () => {
    expect(next('02:30', '2026-03-27T12:00:00Z')).to.equal('2026-03-28T01:30:00.000Z');
    // On 2026-03-29 the clocks of Berlin jump from 02:00 to 03:00: the run is at the jump.
    expect(next('02:30', '2026-03-28T12:00:00Z')).to.equal('2026-03-29T01:00:00.000Z');
    expect(next('02:30', '2026-03-29T12:00:00Z')).to.equal('2026-03-30T00:30:00.000Z');
    // On 2026-10-25 half past two comes twice, and the run once.
    expect(next('02:30', '2026-10-24T12:00:00Z')).to.equal('2026-10-25T00:30:00.000Z');
    expect(next('02:30', '2026-10-25T00:30:00Z')).to.equal('2026-10-26T01:30:00.000Z');
    expect(next('00:15', NOW, { timeZone: 'Asia/Kathmandu' })).to.equal('2026-03-09T18:30:00.000Z');
  });

  it('are spread over the night, each directory at a time of its own', () => {
    const ids = Array.from({ length: 400 }, (_, n) => `dir-${n}`);
    const nights = ids.map((id) => next('nightly', '2026-03-09T12:00:00Z', { timeZone: 'UTC', directoryId: id }) ?? '');
    expect(nights.every((at) => at >= '2026-03-10T01:00' && at < '2026-03-10T05:00')).to.equal(true);
    expect(new Set(nights).size).to.be.greaterThan(150);
    expect(next('nightly', '2026-03-09T12:00:00Z', { timeZone: 'UTC', directoryId: 'dir-7' })).to.equal(nights[7]);
    expect(ids.map(shareOf).every((share) => share >= 0 && share < 1)).to.equal(true);
  });
});

describe('back-off', () => {
  const after = (failures: number, { needsPerson = false, retryAfterMs = null as number | null } = {}): number =>
    backOffMs({ failures, needsPerson, retryAfterMs });

  it('doubles up to an hour', () => {
    expect([1, 2, 3, 4].map((n) => after(n) / MINUTE)).to.deep.equal([1, 2, 4, 8]);
    expect([7, 50, 1e9].map((n) => after(n) / MINUTE)).to.deep.equal([60, 60, 60]);
  });

  it('leaves alone for an hour what somebody has to mend', () => {
    expect(after(1, { needsPerson: true })).to.equal(HOUR);
  });

  it('is never shorter than the source asks for', () => {
    expect(after(1, { retryAfterMs: 3 * HOUR })).to.equal(3 * HOUR);
    expect(after(3, { retryAfterMs: 1 })).to.equal(4 * MINUTE);
  });
});
