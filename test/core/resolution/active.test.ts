import { expect } from 'chai';
import type { ClaimedRecord } from '#core/model/claims.js';
import type { ResolutionInput } from '#core/model/resolution.js';
import {
  absent,
  active,
  allow,
  answer,
  deny,
  record,
  retired,
  retiredTo,
  rule,
  rules,
  says,
  unknown,
  vote,
  votes,
} from './resolution-support.js';

describe('core/resolution/active', () => {
  it('shows each vote with its record and what that claims', () => {
    const [hr, it9, employment] = answer(
      [deny('hr:1', { 'employment.status': 'terminated' }), record('it:9', { active: null })],
      { rules: vote() },
    ).votes;
    expect(hr).to.deep.equal({
      by: 'directory',
      directory: 'hr',
      recordId: 'hr:1',
      vote: 'deny',
      reason: 'terminated',
      detail: null,
      value: false,
    });
    expect(it9).to.deep.equal({
      by: 'directory',
      directory: 'it',
      recordId: 'it:9',
      vote: 'abstain',
      reason: null,
      detail: null,
      value: null,
    });
    expect(employment).to.deep.equal({
      by: 'employment',
      directory: null,
      recordId: null,
      vote: 'deny',
      reason: 'terminated',
      detail: null,
      value: 'terminated',
    });
  });

  it('shows who is not there without a record', () => {
    expect(answer([], { rules: vote() }).votes[0]).to.deep.equal({
      by: 'directory',
      directory: 'hr',
      recordId: null,
      vote: 'abstain',
      reason: null,
      detail: null,
      value: undefined,
    });
  });

  it('names rule, strategy and winner of active', () => {
    expect(active(answer([allow('hr:1')], { rules: vote() }))).to.deep.equal({
      value: true,
      state: 'known',
      winner: { by: 'directory', directory: 'hr', recordId: 'hr:1', overrideId: null },
      rule: { path: 'attributes.active', strategy: 'vote' },
      reason: null,
      detail: null,
      effectiveAt: null,
    });
    expect(active(answer([allow('hr:1')], { rules: rules() })).rule).to.deep.equal({
      path: 'priority',
      strategy: 'vote',
    });
    expect(active(answer([], { rules: vote() })).winner).to.deep.equal({
      by: 'none',
      directory: null,
      recordId: null,
      overrideId: null,
    });
  });

  it('is unknown where the vote that decides is a last good one', () => {
    const state = (records: ClaimedRecord[]) => active(answer(records, { rules: vote() })).state;
    expect(state([record('hr:1', { active: unknown(true) }), allow('it:9')])).to.equal('unknown');
    expect(state([allow('hr:1'), record('it:9', { active: unknown(true) })])).to.equal('known');
    expect(state([record('hr:1', { active: unknown(true) }), deny('it:9')])).to.equal('known');
    expect(state([record('hr:1', { active: unknown(false) })])).to.equal('unknown');
    expect(state([record('hr:1', { active: unknown(false) }, absent)])).to.equal('unknown');
    expect(state([record('hr:1', { active: unknown(true) }, absent)])).to.equal('known');
  });

  describe('retirement to come', () => {
    it('is due, and then says when it turned', () => {
      const later = { rules: vote(), ...retiredTo('deny', '2026-03-20T00:00:00.000Z') };
      expect(answer([allow('hr:1', retired)], later).dueAt).to.equal('2026-03-20T00:00:00.000Z');
      const then = answer([allow('hr:1', retired)], { ...later, now: '2026-03-21T00:00:00.000Z' });
      expect([then.dueAt, active(then).effectiveAt]).to.deep.equal([null, '2026-03-20T00:00:00.000Z']);
      expect(active(answer([allow('hr:1', retired)], { rules: vote(), ...retiredTo('deny') })).effectiveAt).to.equal(
        null,
      );
    });

    it('lets one retired directory allow until its day, whatever day the other has', () => {
      const directories: ResolutionInput['directories'] = {
        hr: { mode: 'retired', retiredVote: 'deny', retiredDenyAt: '2026-03-01T00:00:00.000Z' },
        it: { mode: 'retired', retiredVote: 'deny', retiredDenyAt: '2026-03-20T00:00:00.000Z' },
        idp: { mode: 'retired', retiredVote: 'deny', retiredDenyAt: '2026-03-15T00:00:00.000Z' },
      };
      const input = { rules: rules({ active: rule(['hr', 'it', 'idp']) }), directories };
      const records = [allow('hr:1', retired), allow('it:9', retired), allow('idp:z', retired)];
      const now = answer(records, input);
      expect([says(now), now.dueAt]).to.deep.equal(['true hr:1', '2026-03-15T00:00:00.000Z']);
      expect(says(answer(records, { ...input, now: '2026-03-20T00:00:00.000Z' }))).to.equal(
        'false directory_retired hr:1',
      );
    });
  });

  describe('overrides and holds', () => {
    const override = (value: boolean | null) => [{ overrideId: 'ovr-1', attribute: 'active', value }];
    const hold = (value: boolean | undefined) => ({
      active: { value, reason: 'suspended' as const, detail: 'as before' },
    });

    it('lets a person let somebody in', () => {
      const resolution = answer([deny('hr:1')], { rules: vote(), overrides: override(true), holds: hold(false) });
      expect(active(resolution)).to.include({ value: true, reason: null, detail: null, state: 'known' });
      expect(active(resolution).winner).to.deep.equal({
        by: 'override',
        directory: null,
        recordId: null,
        overrideId: 'ovr-1',
      });
      expect(votes(resolution)).to.deep.equal([
        'hr deny disabled',
        'it abstain',
        'employment abstain',
        'override allow',
      ]);
    });
    it('lets a person lock somebody out', () => {
      const resolution = answer([allow('hr:1')], { rules: vote(), overrides: override(false) });
      expect(active(resolution)).to.include({ value: false, reason: 'override' });
      expect(votes(resolution).at(-1)).to.equal('override deny override');
      expect(resolution.votes.at(-1)?.value).to.equal(false);
    });
    it('passes over an override that is neither', () => {
      const resolution = answer([allow('hr:1')], { rules: vote(), overrides: override(null) });
      expect(active(resolution).value).to.equal(true);
      expect(votes(resolution).at(-1)).to.equal('employment abstain');
    });
    it('pins activity', () => {
      const found = active(answer([deny('hr:1')], { rules: vote(), holds: hold(true) }));
      expect([found.value, found.reason, found.detail, found.winner.by]).to.deep.equal([true, null, null, 'hold']);
    });
    it('pins inactivity with its reason', () => {
      const found = active(answer([allow('hr:1')], { rules: vote(), holds: hold(false) }));
      expect([found.value, found.reason, found.detail, found.winner.by]).to.deep.equal([
        false,
        'suspended',
        'as before',
        'hold',
      ]);
    });
    it('has a reason even where a hold knows neither value nor reason', () => {
      const found = active(
        answer([allow('hr:1')], { rules: vote(), holds: { active: { value: undefined, reason: null, detail: null } } }),
      );
      expect([found.value, found.reason]).to.deep.equal([false, 'no_source']);
    });
  });
});
