import { expect } from 'chai';
import * as fc from 'fast-check';
import type { Claim, ClaimedRecord } from '#core/model/claims.js';
import type { Json } from '#core/model/json.js';
import type { Resolution, ResolutionInput } from '#core/model/resolution.js';
import { resolve } from '#core/resolution/resolve.js';
import { startOfDay, utcMidnight } from '#core/resolution/dates.js';
import { absent, active, catalogue, given, record, removed, rule, rules, unknown } from './resolution-support.js';

const said = (values: fc.Arbitrary<Json>): fc.Arbitrary<Claim | undefined> =>
  fc.oneof(
    { weight: 5, arbitrary: values.map((value) => ({ value })) },
    { weight: 1, arbitrary: fc.constant({ value: null }) },
    { weight: 1, arbitrary: values.map((value) => unknown(value)) },
    { weight: 1, arbitrary: fc.constant(unknown()) },
    { weight: 2, arbitrary: fc.constant(undefined) },
  );
const date = fc
  .integer({ min: 0, max: 20 })
  .map((day) => new Date(Date.UTC(2026, 2, 1 + day)).toISOString().slice(0, 10));
const emails = fc
  .uniqueArray(fc.constantFrom('a', 'A', 'b', 'c'), { maxLength: 3 })
  .map((all) => all.map((value, index): Json => ({ value, ...(index === 0 ? { primary: true } : {}) })));

const claims = fc.record({
  active: said(fc.boolean()),
  department: said(fc.constantFrom('A', 'B')),
  title: said(fc.constantFrom('x', 'X', 'y')),
  emails: said(emails),
  'employment.status': said(fc.constantFrom('pre_hire', 'active', 'on_leave', 'terminated')),
  'employment.startDate': said(date),
  'employment.endDate': said(date),
  'employment.statusReason': said(fc.constantFrom('suspended', 'Resigned')),
});

const records: fc.Arbitrary<ClaimedRecord[]> = fc
  .array(
    fc.record({
      directory: fc.constantFrom('hr', 'it', 'idp'),
      claims,
      state: fc.constantFrom({}, {}, {}, absent, removed, { retired: true }),
      freshAt: fc.constantFrom('2026-03-08T00:00:00.000Z', '2026-03-09T00:00:00.000Z'),
    }),
    { maxLength: 6 },
  )
  .map((all) =>
    all.map((one, index) => {
      const spoken = Object.fromEntries(
        Object.entries(one.claims).flatMap(([name, claim]) => (claim === undefined ? [] : [[name, claim]])),
      );
      return record(`${one.directory}:${index}`, spoken, { ...one.state, freshAt: one.freshAt });
    }),
  );

const inputs: fc.Arbitrary<ResolutionInput> = fc
  .record({
    records,
    zone: fc.constantFrom('Europe/Berlin', 'America/St_Johns', 'Pacific/Apia', 'Africa/Cairo'),
    from: fc.shuffledSubarray(['hr', 'it', 'idp'], { minLength: 1 }),
    strategy: fc.constantFrom('priority' as const, 'union' as const),
    maxAgeMs: fc.constantFrom(null, 86_400_000),
    hours: fc.integer({ min: 0, max: 480 }),
    onLeave: fc.constantFrom('abstain' as const, 'deny' as const),
    preHireDays: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ records: all, zone, from, strategy, maxAgeMs, hours, onLeave, preHireDays }) =>
    given(all, {
      timeZone: zone,
      now: new Date(Date.UTC(2026, 2, 1) + hours * 3_600_000).toISOString(),
      directories: { hr: { mode: 'live' }, it: { mode: 'live' }, idp: { mode: 'live' } },
      rules: rules(
        {
          active: rule(from),
          department: rule(from),
          emails: rule(from, { strategy, maxAgeMs }),
          title: rule(from, { maxAgeMs }),
        },
        { onLeave, preHireDays },
        ['hr', 'it', 'idp'],
      ),
    }),
  );

const check = <T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => void) => {
  fc.assert(fc.property(arbitrary, holds), { seed: 20_260_309, numRuns: 400 });
};
const ask = (input: ResolutionInput): Resolution => resolve(input, catalogue);

describe('core/resolution/resolve, properties', function () {
  this.timeout(20_000);

  it('answers the same whatever the order of the records', () => {
    const shuffled = inputs.chain((one) =>
      fc
        .shuffledSubarray([...one.records], { minLength: one.records.length })
        .map((all) => [one, { ...one, records: all }] as const),
    );
    check(shuffled, ([one, other]) => {
      expect(JSON.stringify(ask(other))).to.equal(JSON.stringify(ask(one)));
    });
  });

  it('answers the same when asked again, and changes nothing that it was given', () => {
    check(inputs, (one) => {
      const before = JSON.stringify(one);
      expect(ask(one)).to.deep.equal(ask(one));
      expect(JSON.stringify(one)).to.equal(before);
    });
  });

  it('is false as soon as one denies, with a reason, and true only where a directory allows', () => {
    check(inputs, (one) => {
      const resolution = ask(one);
      const said = resolution.votes.map(({ vote }) => vote);
      const expected = said.includes('deny') ? false : said.includes('allow');
      expect(active(resolution).value).to.equal(expected);
      expect(active(resolution).reason === null).to.equal(expected);
    });
  });

  it('lets no gone or retired record win where a present one in from speaks', () => {
    check(inputs, (one) => {
      const resolution = ask(one);
      for (const name of ['department', 'title', 'emails']) {
        const from = one.rules.attributes[name]?.from ?? [];
        const speaks = one.records.filter(
          ({ directory, claims: all }) => from.includes(directory) && all[name]?.value !== undefined,
        );
        const present = speaks.filter(({ gone, retired }) => gone === null && !retired);
        const winner = one.records.find(({ recordId }) => recordId === resolution.attributes[name]?.winner.recordId);
        expect(winner === undefined).to.equal(speaks.length === 0);
        const isUnion = one.rules.attributes[name]?.strategy === 'union' && name === 'emails';
        if (present.length > 0 && !isUnion) expect(present).to.include(winner);
      }
    });
  });

  it('opens no conflict that its own claims do not show, and none beside from', () => {
    check(inputs, (one) => {
      for (const { attribute, claims: parts, value } of ask(one).conflicts) {
        const from = one.rules.attributes[attribute]?.from ?? [];
        expect(parts.map(({ wins }) => wins)).to.deep.equal(parts.map((_, index) => index === 0));
        expect(new Set(parts.map(({ directory }) => directory)).size).to.equal(parts.length);
        for (const part of parts.slice(1)) {
          expect(from).to.include(part.directory);
          expect(part.value).to.not.deep.equal(value);
        }
      }
    });
  });

  it('changes nothing between now and the instant at which it is due', () => {
    check(inputs, (one) => {
      const first = ask(one);
      const end = first.dueAt === null ? Date.UTC(2030, 0, 1) : Date.parse(first.dueAt) - 1;
      const last = ask({ ...one, now: new Date(end).toISOString() });
      expect(last).to.deep.equal(first);
    });
  });

  it('begins each day of a zone where its wall clock first shows it', () => {
    const zones = fc.constantFrom(
      'Europe/Berlin',
      'America/St_Johns',
      'Pacific/Apia',
      'Africa/Cairo',
      'America/Sao_Paulo',
    );
    const days = fc
      .integer({ min: 0, max: 20_000 })
      .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));
    check(fc.tuple(zones, days), ([timeZone, day]) => {
      const shown = new Intl.DateTimeFormat('sv-SE', { timeZone });
      const begin = startOfDay(utcMidnight(day) ?? 0, timeZone);
      expect(shown.format(begin) >= day).to.equal(true);
      expect(shown.format(begin - 1) < day).to.equal(true);
    });
  });
});
