import { expect } from 'chai';
import type { ClaimedRecord } from '#core/model/claims.js';
import { absent, active, answer, conflicts, record, unknown, values, votes } from './resolution-support.js';

type Said = Parameters<typeof record>[1];

const email = (value: string) => [{ value, type: 'work', primary: true }];

const ada: Said = {
  employeeNumber: 'E1001',
  'name.givenName': 'Ada',
  'name.familyName': 'Lovelace',
  emails: email('ada@acme.example'),
  department: 'Engineering',
  active: true,
  'employment.status': 'active',
  'employment.startDate': '2020-01-06',
  'employment.endDate': null,
};
const grace: Said = {
  employeeNumber: 'E1002',
  'name.givenName': 'Grace',
  'name.familyName': 'Hopper',
  emails: null,
  department: 'Research',
  active: true,
  'employment.status': 'pre_hire',
  'employment.startDate': '2026-03-16',
  'employment.endDate': null,
};
const alan: Said = {
  employeeNumber: 'E1003',
  'name.givenName': 'Alan',
  'name.familyName': 'Turing',
  emails: email('alan@acme.example'),
  department: 'Research',
  active: false,
  'employment.status': 'terminated',
  'employment.startDate': '2019-05-01',
  'employment.endDate': '2026-03-06',
};
const account = (login: string, more: Said): Said => ({
  userName: login,
  emails: email(`${login}@acme.example`),
  active: true,
  department: null,
  employeeNumber: null,
  groups: ['vpn'],
  ...more,
});

const hr = (id: string, claims: Said, more: Partial<ClaimedRecord> = {}) => record(`hr:${id}`, claims, more);
const adaAccount = record('it:9001', account('ada', { employeeNumber: 'E1001', department: 'Platform' }));
const alanAccount = record('it:9003', account('alan', { employeeNumber: 'E1003', department: 'Research' }));
const carolAccount = record('it:9009', account('carol', { emails: email('carol@agency.example') }));
const tomorrow = { now: '2026-03-10T08:00:00.000Z' };

describe('core/resolution, the persons of the contract', () => {
  it("Ada: active, HR's department, one conflict on it", () => {
    const resolution = answer([hr('E1001', ada), adaAccount]);
    expect(values(resolution)).to.deep.equal({
      userName: 'ada',
      'name.familyName': 'Lovelace',
      'name.givenName': 'Ada',
      emails: email('ada@acme.example'),
      employeeNumber: 'E1001',
      department: 'Engineering',
      'employment.status': 'active',
      'employment.startDate': '2020-01-06',
      'employment.endDate': null,
      active: true,
    });
    expect(conflicts(resolution)).to.deep.equal([
      'department="Engineering": hr:E1001="Engineering" wins, it:9001="Platform"',
    ]);
    expect(resolution.attributes.emails?.winner.recordId).to.equal('it:9001');
    expect(resolution.attributes.employeeNumber?.rule.path).to.equal('priority');
    expect([resolution.dueAt, resolution.unknown]).to.deep.equal([null, []]);
  });

  it("Grace: inactive until her day has come, by employment's word", () => {
    const before = answer([hr('E1002', grace)]);
    expect(active(before)).to.include({ value: false, reason: 'pre_hire', effectiveAt: null });
    expect(active(before).winner).to.deep.equal({
      by: 'employment',
      directory: null,
      recordId: null,
      overrideId: null,
    });
    expect(before.dueAt).to.equal('2026-03-15T23:00:00.000Z');
    const after = answer([hr('E1002', grace)], { now: '2026-03-16T08:00:00.000Z' });
    expect(active(after)).to.include({ value: true, reason: null, effectiveAt: '2026-03-15T23:00:00.000Z' });
    expect([after.dueAt, after.attributes.emails?.value]).to.deep.equal([null, null]);
  });

  it('Alan: terminated by HR, still enabled in IT: inactive, and a conflict says so', () => {
    const resolution = answer([hr('E1003', alan), alanAccount]);
    expect(active(resolution)).to.include({ value: false, reason: 'terminated', detail: null, effectiveAt: null });
    expect(active(resolution).winner.recordId).to.equal('hr:E1003');
    expect(votes(resolution)).to.deep.equal(['hr deny terminated', 'it allow', 'employment deny terminated']);
    expect(conflicts(resolution)).to.deep.equal(['active=false: hr:E1003=false wins, it:9003=true']);
    expect(values(resolution).department).to.equal('Research');
  });

  it("Carol: a contractor HR never heard of is active by IT's word", () => {
    const resolution = answer([carolAccount]);
    expect(active(resolution)).to.include({ value: true, reason: null });
    expect(votes(resolution)).to.deep.equal(['hr abstain', 'it allow', 'employment abstain']);
    expect(values(resolution)).to.include({ userName: 'carol', department: null, employeeNumber: null });
    expect(resolution.conflicts).to.deep.equal([]);
  });

  describe('one day and one file later', () => {
    it("E1001's row is gone from HR: absent, name kept, IT's department, another conflict", () => {
      const resolution = answer([hr('E1001', ada, absent), adaAccount], tomorrow);
      expect(active(resolution)).to.include({ value: false, reason: 'absent' });
      expect(values(resolution)).to.include({ 'name.givenName': 'Ada', department: 'Platform' });
      expect(conflicts(resolution)).to.deep.equal(['active=false: hr:E1001=false wins, it:9001=true']);
    });

    it('E1003 is active again without an end date: active, no conflict', () => {
      const back = { ...alan, active: true, 'employment.status': 'active', 'employment.endDate': null };
      const resolution = answer([hr('E1003', back), alanAccount], tomorrow);
      expect(active(resolution)).to.include({ value: true, reason: null });
      expect(resolution.conflicts).to.deep.equal([]);
    });

    it('E1001 is in a status never seen: active as before, two attributes unknown', () => {
      const odd = { ...ada, active: unknown(true), 'employment.status': unknown('active') };
      const resolution = answer([hr('E1001', odd), adaAccount], tomorrow);
      expect(active(resolution)).to.include({ value: true, state: 'unknown' });
      expect(resolution.unknown).to.deep.equal(['employment.status', 'active']);
    });

    it('E1001 is terminated although her hire date is nonsense: inactive all the same', () => {
      const left = {
        ...ada,
        active: false,
        'employment.status': 'terminated',
        'employment.startDate': unknown('2020-01-06'),
      };
      const resolution = answer([hr('E1001', left), adaAccount], tomorrow);
      expect(active(resolution)).to.include({ value: false, reason: 'terminated', state: 'known' });
      expect(resolution.unknown).to.deep.equal(['employment.startDate']);
      expect(values(resolution)['employment.startDate']).to.equal('2020-01-06');
    });

    it('rows come in another order: the same answer', () => {
      expect(answer([adaAccount, hr('E1001', ada)])).to.deep.equal(answer([hr('E1001', ada), adaAccount]));
    });
  });
});
