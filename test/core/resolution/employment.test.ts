import { expect } from 'chai';
import type { LifecycleRules } from '#core/model/rules.js';
import { active, answer, record, rule, rules, unknown } from './resolution-support.js';

type Said = Parameters<typeof record>[1];

interface Person {
  status?: Said[string];
  startDate?: Said[string];
  endDate?: Said[string];
  statusReason?: Said[string];
  timeZone?: Said[string];
}

function judge(
  person: Person,
  now = '2026-03-09T08:00:00.000Z',
  lifecycle: Partial<LifecycleRules> = {},
  timeZone = 'Europe/Berlin',
) {
  const said = Object.fromEntries(Object.entries(person).map(([name, one]) => [`employment.${name}`, one]));
  const resolution = answer([record('hr:1', { active: true, ...said })], {
    rules: rules({ active: rule(['hr']) }, lifecycle),
    now,
    timeZone,
  });
  const { value, reason, detail, effectiveAt, state, winner } = active(resolution);
  return { value, reason, detail, effectiveAt, state, winner: winner.by, dueAt: resolution.dueAt };
}

const brief = (...args: Parameters<typeof judge>): string => {
  const { value, reason, detail, effectiveAt, dueAt } = judge(...args);
  const parts = [value === true ? 'active' : reason, detail === null ? null : `(${detail})`];
  if (effectiveAt !== null) parts.push(`since ${effectiveAt}`);
  if (dueAt !== null) parts.push(`due ${dueAt}`);
  return parts.filter((part) => part !== null).join(' ');
};

const rows: [it: string, person: Person, says: string][] = [
  ['says nothing without a word', {}, 'active'],
  ['says nothing of who is active', { status: 'active', startDate: '2020-01-06', endDate: null }, 'active'],
  ['denies whom the status ends, at once', { status: 'terminated', startDate: '2020-01-06' }, 'terminated'],
  [
    'denies whom the status ends before the end date, and waits for nothing',
    { status: 'terminated', endDate: '2026-12-31' },
    'terminated',
  ],
  [
    'denies whom the status ends before the start date',
    { status: 'terminated', startDate: '2026-12-31' },
    'terminated',
  ],
  [
    'keeps the mapped reason beside terminated',
    { status: 'terminated', statusReason: 'contract_ended' },
    'terminated (contract_ended)',
  ],
  [
    'lets somebody work until the end of the end date',
    { status: 'active', endDate: '2026-03-09' },
    'active due 2026-03-09T23:00:00.000Z',
  ],
  [
    'denies contract_ended when the end date has passed',
    { status: 'active', endDate: '2026-03-08' },
    'contract_ended since 2026-03-08T23:00:00.000Z',
  ],
  [
    'denies with the mapped reason where it is listed',
    { status: 'active', endDate: '2026-03-08', statusReason: 'hire_rescinded' },
    'hire_rescinded since 2026-03-08T23:00:00.000Z',
  ],
  [
    'keeps a reason that is not listed as detail',
    { endDate: '2026-03-08', statusReason: 'Resigned' },
    'contract_ended (Resigned) since 2026-03-08T23:00:00.000Z',
  ],
  [
    'denies pre_hire until the start date',
    { status: 'pre_hire', startDate: '2026-03-16' },
    'pre_hire due 2026-03-15T23:00:00.000Z',
  ],
  [
    'denies pre_hire whatever the status',
    { status: 'active', startDate: '2026-03-16', statusReason: 'x' },
    'pre_hire due 2026-03-15T23:00:00.000Z',
  ],
  [
    'denies pre_hire on leave too',
    { status: 'on_leave', startDate: '2026-03-16' },
    'pre_hire due 2026-03-15T23:00:00.000Z',
  ],
  ['denies pre_hire without a status', { startDate: '2026-03-16' }, 'pre_hire due 2026-03-15T23:00:00.000Z'],
  ['denies pre_hire without a date until the status changes', { status: 'pre_hire' }, 'pre_hire'],
  ['denies pre_hire where the date is empty', { status: 'pre_hire', startDate: null }, 'pre_hire'],
  [
    'lets a new hire in whose day has come, and says since when',
    { status: 'pre_hire', startDate: '2026-03-09' },
    'active since 2026-03-08T23:00:00.000Z',
  ],
  [
    'lets a new hire in whose day is long gone',
    { status: 'pre_hire', startDate: '2020-07-06' },
    'active since 2020-07-05T22:00:00.000Z',
  ],
  [
    'waits for the start, then for the end',
    { status: 'pre_hire', startDate: '2026-03-16', endDate: '2026-03-31' },
    'pre_hire due 2026-03-15T23:00:00.000Z',
  ],
  [
    'denies whose end has passed before it denies who is yet to come',
    { startDate: '2026-04-01', endDate: '2026-03-01' },
    'contract_ended since 2026-03-01T23:00:00.000Z due 2026-03-31T22:00:00.000Z',
  ],
  ['abstains on leave by default', { status: 'on_leave' }, 'active'],
  ['hears no date that is none', { startDate: 'soon', endDate: '31.12.2020' }, 'active'],
];

describe('core/resolution/employment', () => {
  for (const [name, person, says] of rows) {
    it(name, () => {
      expect(brief(person)).to.equal(says);
    });
  }

  it('waits for no end beyond the years of four digits: as text it would come before all others', () => {
    const last = '9999-12-31T23:00:00.000Z';
    expect(judge({ endDate: '9999-12-31' }, last, {}, 'America/New_York').dueAt).to.equal(null);
    expect(judge({ endDate: '9999-12-31' }, last, {}, 'UTC').dueAt).to.equal(null);
    expect(judge({ endDate: '9999-12-31' }).dueAt).to.equal(last);
  });

  it('is the winner where it denies, and not where it abstains', () => {
    expect(judge({ status: 'terminated' }).winner).to.equal('employment');
    expect(judge({ status: 'pre_hire', startDate: '2026-03-01' }).winner).to.equal('directory');
  });

  it('votes with its status as value', () => {
    const resolution = answer([
      record('hr:1', { 'employment.status': 'on_leave', 'employment.endDate': '2026-01-01' }),
    ]);
    expect(resolution.votes.at(-1)).to.deep.equal({
      by: 'employment',
      directory: null,
      recordId: null,
      vote: 'deny',
      reason: 'contract_ended',
      detail: null,
      value: 'on_leave',
    });
  });

  describe('on leave', () => {
    const away = { onLeave: 'deny' as const };
    it('denies where the tenant says so', () => {
      expect(brief({ status: 'on_leave' }, undefined, away)).to.equal('suspended (on_leave)');
      expect(brief({ status: 'on_leave', statusReason: 'Parental' }, undefined, away)).to.equal('suspended (Parental)');
      expect(brief({ status: 'on_leave', statusReason: 'disabled' }, undefined, away)).to.equal('disabled');
      expect(brief({ status: 'active' }, undefined, away)).to.equal('active');
    });
  });

  describe('preHireDays', () => {
    it('opens the door that many days before', () => {
      const person = { status: 'pre_hire', startDate: '2026-03-16' };
      expect(brief(person, '2026-03-08T22:59:59.999Z', { preHireDays: 7 })).to.equal(
        'pre_hire due 2026-03-08T23:00:00.000Z',
      );
      expect(brief(person, '2026-03-08T23:00:00.000Z', { preHireDays: 7 })).to.equal(
        'active since 2026-03-08T23:00:00.000Z',
      );
    });
    it('counts days and not hours over a change of clocks', () => {
      expect(brief({ startDate: '2026-03-31' }, undefined, { preHireDays: 3 })).to.equal(
        'pre_hire due 2026-03-27T23:00:00.000Z',
      );
      expect(brief({ startDate: '2026-04-01' }, undefined, { preHireDays: 1 })).to.equal(
        'pre_hire due 2026-03-30T22:00:00.000Z',
      );
    });
  });

  describe('zones', () => {
    const ending = (date: string, zone: string, last: string, first: string) => {
      it(`ends ${date} in ${zone} between ${last} and ${first}`, () => {
        expect(judge({ endDate: date }, last, {}, zone)).to.include({ value: true, dueAt: first });
        expect(judge({ endDate: date }, first, {}, zone)).to.include({ value: false, effectiveAt: first, dueAt: null });
      });
    };
    const beginning = (date: string, zone: string, last: string, first: string) => {
      it(`begins ${date} in ${zone} between ${last} and ${first}`, () => {
        expect(judge({ startDate: date }, last, {}, zone)).to.include({
          value: false,
          reason: 'pre_hire',
          dueAt: first,
        });
        expect(judge({ startDate: date }, first, {}, zone)).to.include({ value: true, dueAt: null });
      });
    };
    ending('2026-03-28', 'Europe/Berlin', '2026-03-28T22:59:59.999Z', '2026-03-28T23:00:00.000Z');
    ending('2026-03-29', 'Europe/Berlin', '2026-03-29T21:59:59.999Z', '2026-03-29T22:00:00.000Z');
    ending('2026-10-25', 'Europe/Berlin', '2026-10-25T22:59:59.999Z', '2026-10-25T23:00:00.000Z');
    ending('2026-03-09', 'America/St_Johns', '2026-03-10T02:29:59.999Z', '2026-03-10T02:30:00.000Z');
    ending('2011-12-29', 'Pacific/Apia', '2011-12-30T09:59:59.999Z', '2011-12-30T10:00:00.000Z');
    ending('2026-04-23', 'Africa/Cairo', '2026-04-23T21:59:59.999Z', '2026-04-23T22:00:00.000Z');
    beginning('2026-03-29', 'Europe/Berlin', '2026-03-28T22:59:59.999Z', '2026-03-28T23:00:00.000Z');
    beginning('2026-07-15', 'America/St_Johns', '2026-07-15T02:29:59.999Z', '2026-07-15T02:30:00.000Z');
    beginning('2011-12-30', 'Pacific/Apia', '2011-12-30T09:59:59.999Z', '2011-12-30T10:00:00.000Z');
    beginning('2026-03-09', 'Pacific/Apia', '2026-03-08T10:59:59.999Z', '2026-03-08T11:00:00.000Z');
    beginning('2026-04-24', 'Africa/Cairo', '2026-04-23T21:59:59.999Z', '2026-04-23T22:00:00.000Z');

    it('goes by the zone of the employment before that of the tenant', () => {
      expect(brief({ endDate: '2026-03-09', timeZone: 'Asia/Tokyo' })).to.equal('active due 2026-03-09T15:00:00.000Z');
      expect(brief({ startDate: '2026-03-16', timeZone: 'Asia/Tokyo' })).to.equal(
        'pre_hire due 2026-03-15T15:00:00.000Z',
      );
    });
    it('goes by that of the tenant where the employment names none that exists', () => {
      expect(brief({ endDate: '2026-03-09', timeZone: 'Mars/Olympus' })).to.equal(
        'active due 2026-03-09T23:00:00.000Z',
      );
      expect(brief({ endDate: '2026-03-09', timeZone: null })).to.equal('active due 2026-03-09T23:00:00.000Z');
    });
  });

  describe('unknown', () => {
    const state = (person: Person, lifecycle: Partial<LifecycleRules> = {}) =>
      judge(person, undefined, lifecycle).state;
    it('is unknown where what decides is a last good value', () => {
      expect(state({ status: unknown('terminated') })).to.equal('unknown');
      expect(state({ status: unknown('active'), endDate: '2026-01-01' })).to.equal('known');
      expect(state({ status: 'active', endDate: unknown('2026-01-01') })).to.equal('unknown');
      expect(state({ status: unknown('pre_hire') })).to.equal('unknown');
      expect(state({ status: unknown('active'), startDate: '2026-12-01' })).to.equal('known');
      expect(state({ startDate: unknown('2026-12-01') })).to.equal('unknown');
      expect(state({ status: unknown('on_leave') }, { onLeave: 'deny' })).to.equal('unknown');
      expect(state({ status: unknown('on_leave') })).to.equal('known');
    });
  });

  it('votes from what is resolved, overrides and holds included', () => {
    const person = record('hr:1', { active: true, 'employment.status': 'terminated' });
    const overridden = answer([person], {
      overrides: [{ overrideId: 'ovr-1', attribute: 'employment.status', value: 'active' }],
    });
    expect(active(overridden).value).to.equal(true);
    const held = answer([person], { holds: { 'employment.status': { value: 'active', reason: null, detail: null } } });
    expect(active(held).value).to.equal(true);
  });

  it('votes from the claims of a gone record too', () => {
    const claims = { active: true, 'employment.status': 'active', 'employment.endDate': '2026-03-01' };
    const resolution = answer([record('hr:1', claims, { gone: { reason: 'absent', at: '2026-03-08T00:00:00.000Z' } })]);
    expect(resolution.votes.at(-1)).to.include({ vote: 'deny', reason: 'contract_ended' });
    expect(active(resolution).reason).to.equal('absent');
  });
});
