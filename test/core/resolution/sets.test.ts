import { expect } from 'chai';
import type { Json } from '#core/model/json.js';
import { absent, answer, conflicts, record, retired, rule, rules, unknown } from './resolution-support.js';

const email = (value: string, more: Record<string, Json> = {}): Json => ({ value, ...more });
const primary = { primary: true };
const union = { rules: rules({ emails: rule(['hr', 'it'], { strategy: 'union' }) }) };
const emailsOf = (resolution: ReturnType<typeof answer>) => resolution.attributes.emails;

describe('core/resolution, sets', () => {
  it('takes the whole set of the highest by default', () => {
    const records = [record('hr:1', { emails: [email('b'), email('a')] }), record('it:9', { emails: [email('c')] })];
    expect(emailsOf(answer(records, { rules: rules() }))?.value).to.deep.equal([email('b'), email('a')]);
  });

  it('lets an empty set win as empty', () => {
    const records = [record('hr:1', { emails: [] }), record('it:9', { emails: [email('c')] })];
    expect(emailsOf(answer(records, { rules: rules() }))?.value).to.deep.equal([]);
  });

  it('unites, sorted by the folded key, spelled as the highest rank spells', () => {
    const records = [
      record('it:9', { emails: [email('C'), email('ADA@acme.example', { type: 'home' })] }),
      record('hr:1', { emails: [email('b'), email('Ada@acme.example', { type: 'work' })] }),
    ];
    const found = emailsOf(answer(records, union));
    expect(found?.value).to.deep.equal([email('Ada@acme.example', { type: 'work' }), email('b'), email('C')]);
    expect(found?.winner.recordId).to.equal('hr:1');
    expect(found?.rule).to.deep.equal({ path: 'attributes.emails', strategy: 'union' });
    expect(found?.state).to.equal('known');
  });

  it('leaves one primary, the one that the highest rank names', () => {
    const records = [
      record('hr:1', { emails: [email('a', { type: 'work' }), email('b', primary)] }),
      record('it:9', { emails: [email('c', { ...primary, type: 'home' }), email('a', primary)] }),
    ];
    expect(emailsOf(answer(records, union))?.value).to.deep.equal([
      email('a', { type: 'work' }),
      email('b', primary),
      email('c', { type: 'home' }),
    ]);
  });

  it('marks as primary what a lower rank names where a higher one has it without a mark', () => {
    const records = [
      record('hr:1', { emails: [email('a', { type: 'work' })] }),
      record('it:9', { emails: [email('A', primary)] }),
    ];
    expect(emailsOf(answer(records, union))?.value).to.deep.equal([email('a', { type: 'work', primary: true })]);
  });

  it('leaves an element that says it is not primary as it is', () => {
    const records = [record('hr:1', { emails: [email('a', { primary: false })] })];
    expect(emailsOf(answer(records, union))?.value).to.deep.equal([email('a', { primary: false })]);
  });

  it('takes elements that are no objects as they are', () => {
    const records = [record('hr:1', { emails: ['b', 'a'] }), record('it:9', { emails: ['A', null] })];
    expect(emailsOf(answer(records, union))?.value).to.deep.equal(['a', 'b', null]);
  });

  it('lets gone and retired records add what no present one says, and spell nothing that one does', () => {
    const records = [
      record('hr:1', { emails: [email('A', { type: 'old' }), email('z')] }, absent),
      record('hr:2', { emails: [email('y')] }, retired),
      record('it:9', { emails: [email('a', { type: 'new' })] }),
    ];
    const found = emailsOf(answer(records, union));
    expect(found?.value).to.deep.equal([email('a', { type: 'new' }), email('y'), email('z')]);
    expect(found?.winner.recordId).to.equal('it:9');
  });

  it('passes over null and empty sets, and is empty as the highest says where all are', () => {
    const some = [record('hr:1', { emails: null }), record('it:9', { emails: [email('a')] })];
    const found = emailsOf(answer(some, union));
    expect([found?.value, found?.winner.recordId]).to.deep.equal([[email('a')], 'it:9']);
    const none = [record('hr:1', { emails: null }), record('it:9', { emails: [] })];
    expect(emailsOf(answer(none, union))?.value).to.equal(null);
    const other = [record('hr:1', { emails: [] }), record('it:9', { emails: null })];
    expect([emailsOf(answer(other, union))?.value, emailsOf(answer(other, union))?.winner.recordId]).to.deep.equal([
      [],
      'hr:1',
    ]);
  });

  it('is unknown as soon as an element is a last good one', () => {
    const records = [record('hr:1', { emails: [email('a')] }), record('it:9', { emails: unknown([email('b')]) })];
    expect(answer(records, union).unknown).to.deep.equal(['emails']);
    const same = [record('hr:1', { emails: [email('a')] }), record('it:9', { emails: unknown([email('A')]) })];
    expect(answer(same, union).unknown).to.deep.equal([]);
    const empty = [record('hr:1', { emails: unknown(null) }), record('it:9', { emails: null })];
    expect(answer(empty, union).unknown).to.deep.equal(['emails']);
  });

  it('has no value where nobody speaks', () => {
    expect(emailsOf(answer([record('hr:1', {})], union))).to.equal(undefined);
  });

  it('opens no conflict: a union has no loser', () => {
    const records = [record('hr:1', { emails: [email('a')] }), record('it:9', { emails: [email('b')] })];
    expect(conflicts(answer(records, union))).to.deep.equal([]);
  });

  it('unites nothing but sets', () => {
    const records = [record('hr:1', { title: 'A' }), record('it:9', { title: 'B' })];
    const found = answer(records, { rules: rules({ title: rule(['hr', 'it'], { strategy: 'union' }) }) }).attributes
      .title;
    expect([found?.value, found?.rule.strategy]).to.deep.equal(['A', 'priority']);
  });

  it('is due at the first of all expiries that may change its spelling', () => {
    const aged = { rules: rules({ emails: rule(['hr', 'it'], { strategy: 'union', maxAgeMs: 3_600_000 }) }) };
    const fresh = (at: string) => ({ freshAt: at });
    const records = [
      record('hr:1', { emails: [email('a')] }, fresh('2026-03-09T07:50:00.000Z')),
      record('it:8', { emails: [email('b')] }, fresh('2026-03-09T07:40:00.000Z')),
      record('it:9', { emails: [email('c')] }),
    ];
    expect(answer(records, aged).dueAt).to.equal('2026-03-09T08:40:00.000Z');
    expect(answer(records.slice(0, 1), aged).dueAt).to.equal(null);
  });
});
