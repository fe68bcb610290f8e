import { expect } from 'chai';
import { addDays, earlier, hasBegunEverywhere, startOfDay, usableZone, utcMidnight } from '#core/resolution/dates.js';

const start = (date: string, timeZone: string): string => {
  const midnight = utcMidnight(date);
  if (midnight === null) throw new Error(`${date} is no date`);
  return new Date(startOfDay(midnight, timeZone)).toISOString().replace('.000Z', 'Z');
};

/** Each begin of a day checked against the zone's published transitions. */
const days: [zone: string, date: string, begins: string, why: string][] = [
  ['UTC', '2026-03-09', '2026-03-09T00:00:00Z', 'no offset'],
  ['Europe/Berlin', '2026-03-16', '2026-03-15T23:00:00Z', 'winter'],
  ['Europe/Berlin', '2026-07-01', '2026-06-30T22:00:00Z', 'summer'],
  ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00Z', 'the day on which summer begins'],
  ['Europe/Berlin', '2026-03-30', '2026-03-29T22:00:00Z', 'the day after'],
  ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00Z', 'the day on which summer ends'],
  ['Europe/Berlin', '2026-10-26', '2026-10-25T23:00:00Z', 'the day after'],
  ['America/St_Johns', '2026-01-15', '2026-01-15T03:30:00Z', 'half an hour, winter'],
  ['America/St_Johns', '2026-07-15', '2026-07-15T02:30:00Z', 'half an hour, summer'],
  ['America/St_Johns', '2006-04-02', '2006-04-02T03:30:00Z', 'the clock jumps a minute after midnight'],
  ['America/St_Johns', '2006-10-29', '2006-10-29T02:30:00Z', 'midnight comes twice: the first counts'],
  ['Asia/Kathmandu', '2026-03-09', '2026-03-08T18:15:00Z', 'quarters of an hour'],
  ['Asia/Kolkata', '2026-03-09', '2026-03-08T18:30:00Z', 'half an hour'],
  ['Pacific/Apia', '2011-12-29', '2011-12-29T10:00:00Z', 'the last day east of the date line'],
  ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00Z', 'the day that Samoa left out begins with the next one'],
  ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00Z', 'the first day west of it'],
  ['Pacific/Apia', '2026-03-09', '2026-03-08T11:00:00Z', 'thirteen hours ahead'],
  ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00Z', 'a day without midnight: 00:00 becomes 01:00'],
  ['Africa/Cairo', '2026-04-25', '2026-04-24T21:00:00Z', 'the day after'],
  ['Africa/Cairo', '2026-10-30', '2026-10-29T22:00:00Z', 'the clock goes back at midnight, into the day before'],
  ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00Z', 'another day without midnight'],
  ['America/Havana', '2026-11-01', '2026-11-01T04:00:00Z', 'the hour after midnight comes twice'],
  ['Pacific/Kiritimati', '2026-03-09', '2026-03-08T10:00:00Z', 'fourteen hours ahead'],
  ['Etc/GMT+12', '2026-03-09', '2026-03-09T12:00:00Z', 'twelve hours behind'],
  ['Africa/Monrovia', '1971-01-01', '1971-01-01T00:44:30Z', 'an offset of seconds'],
  ['Europe/Berlin', '0050-01-01', '0049-12-31T23:06:32Z', 'a year of two digits, local mean time'],
];

describe('core/resolution/dates', () => {
  describe('startOfDay', () => {
    for (const [zone, date, begins, why] of days) {
      it(`${date} in ${zone}: ${why}`, () => {
        expect(start(date, zone)).to.equal(begins);
      });
    }

    it('answers within the era before Christ', () => {
      expect(startOfDay(Date.parse('-000043-03-15T00:00:00Z'), 'UTC')).to.equal(Date.parse('-000043-03-15T00:00:00Z'));
    });
  });

  it('utcMidnight takes dates and nothing else', () => {
    expect(utcMidnight('2026-03-09')).to.equal(Date.UTC(2026, 2, 9));
    for (const none of [
      'soon',
      '2026-3-9',
      '2026-13-01',
      'x2026-03-09',
      '2026-03-09T00:00',
      '',
      null,
      undefined,
      20260309,
    ]) {
      expect(utcMidnight(none), String(none)).to.equal(null);
    }
  });

  it('usableZone takes what names a zone', () => {
    expect(usableZone('Asia/Tokyo', 'Europe/Berlin')).to.equal('Asia/Tokyo');
    for (const none of ['Mars/Olympus', '', null, undefined, 7]) {
      expect(usableZone(none, 'Europe/Berlin')).to.equal('Europe/Berlin');
    }
  });

  it('goes on after more spellings of zones than it remembers', () => {
    const letters = Array.from('europe/berlin').map((letter) => letter.toUpperCase());
    for (let mask = 0; mask < 1200; mask += 1) {
      const zone = letters.map((letter, index) => ((mask >> index) & 1 ? letter.toLowerCase() : letter)).join('');
      expect(usableZone(zone, 'UTC')).to.equal(zone);
    }
    expect(start('2026-03-16', 'Europe/Berlin')).to.equal('2026-03-15T23:00:00Z');
  });

  it("hasBegunEverywhere holds sixteen hours after UTC's midnight", () => {
    const midnight = Date.UTC(2026, 2, 9);
    expect(hasBegunEverywhere(midnight, midnight + 16 * 3_600_000)).to.equal(true);
    expect(hasBegunEverywhere(midnight, midnight + 16 * 3_600_000 - 1)).to.equal(false);
  });

  it('addDays goes both ways', () => {
    expect(addDays(Date.UTC(2026, 1, 28), 1)).to.equal(Date.UTC(2026, 2, 1));
    expect(addDays(Date.UTC(2026, 2, 1), -1)).to.equal(Date.UTC(2026, 1, 28));
  });

  it('earlier takes the smaller one, or the one that there is', () => {
    expect([earlier(1, 2), earlier(2, 1), earlier(null, 2), earlier(1, null), earlier(null, null)]).to.deep.equal([
      1,
      1,
      2,
      1,
      null,
    ]);
  });
});
