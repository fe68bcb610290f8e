import { expect } from 'chai';
import { driftOf } from '#core/sources/field-drift.js';
import { FieldStats, mergeStats, type FieldStat } from '#core/sources/field-stats.js';
import type { Json } from '#core/model/json.js';

/** What `count` records show whose field has these values in turn. */
function seen(values: readonly Json[], count = 120): FieldStat {
  const stats = new FieldStats(new Set(['field']));
  for (let n = 0; n < count; n++) stats.note({ field: values[n % values.length] ?? null });
  return stats.of('field');
}

const measure = (stat: FieldStat): FieldStat => mergeStats(undefined, stat);

describe('core/sources/field-drift', () => {
  it('says nothing of a field that looks as it did', () => {
    expect(driftOf(measure(seen(['a', 'b'])), seen(['b', 'a']))).to.equal(null);
  });

  it('says nothing on the word of few records', () => {
    expect(driftOf(measure(seen(['a'], 19)), seen([1]))).to.equal(null);
    expect(driftOf(measure(seen(['a'])), seen([1], 19))).to.equal(null);
  });

  it('names another type, also where both are text', () => {
    expect(driftOf(measure(seen([1])), seen(['one', 1]))).to.deep.equal({
      what: 'type',
      before: ['number'],
      now: ['number', 'text'],
      records: 120,
    });
    expect(driftOf(measure(seen(['2026-03-09'])), seen(['09.03.2026', '2026-03-09']))).to.deep.include({
      what: 'type',
      before: ['date text'],
    });
  });

  it('lets plain text look like anything', () => {
    expect(driftOf(measure(seen(['room 1', 'room 2'])), seen(['2026-03-09', '12'], 40))).to.deep.include({
      what: 'unseenValue',
    });
    expect(driftOf({ ...measure(seen(['room 1'])), values: 'many' }, seen(['2026-03-09', '12']))).to.equal(null);
  });

  it('names a presence that fell by more than twenty points', () => {
    expect(driftOf(measure(seen(['a'])), seen(['a', null]))).to.deep.equal({
      what: 'presence',
      before: 100,
      now: 50,
      records: 120,
    });
    expect(driftOf(measure(seen(['a'])), seen(['a', 'a', 'a', 'a', null]))).to.equal(null);
  });

  it('names unseen values of a list of choices, and of nothing else', () => {
    expect(driftOf(measure(seen(['a', 'b'])), seen(['b', 'c'], 40))).to.deep.equal({
      what: 'unseenValue',
      known: 2,
      unseen: 1,
      records: 40,
      values: ['c'],
    });
    const names = Array.from({ length: 30 }, (_, n) => `name ${n}`);
    expect(measure(seen(names)).values).to.equal('many');
    expect(measure(seen(['a'], 99)).values).to.equal(null);
    expect(driftOf(measure(seen(['a', 'b'])), seen(names))).to.deep.equal({
      what: 'unseenValue',
      known: 2,
      records: 120,
    });
  });

  it('passes over names that no database can hold, and over more names than people read', () => {
    const stats = new FieldStats();
    stats.note({ 'a\0b': 1, '\ud800': 1, [''.padEnd(300, 'x')]: 1, '': 1, good: 1 });
    expect(stats.names()).to.deep.equal(['good']);
    for (let n = 0; n < 600; n++) stats.note({ [`made up ${n}`]: 1 });
    expect(stats.names()).to.have.length(500);
  });

  it('keeps no value of a field that is not to be valued', () => {
    const stats = new FieldStats();
    for (let n = 0; n < 200; n++) stats.note({ field: 'a' });
    expect(measure(stats.of('field')).values).to.equal(null);
  });
});
