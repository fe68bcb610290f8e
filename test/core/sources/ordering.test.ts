import { expect } from 'chai';
import { standingOf } from '#core/sources/ordering.js';

const present = (begin: number): { begin: number; gone_begin: null } => ({ begin, gone_begin: null });
const gone = (begin: number, goneBegin: number): { begin: number; gone_begin: number } => ({
  begin,
  gone_begin: goneBegin,
});

describe('core/sources/ordering', () => {
  const last = { watermark: 10, seal: 12 };

  it('goes by the begins of a record where there was no whole read', () => {
    expect(standingOf(undefined, 1, null)).to.equal('newer');
    expect(standingOf(present(5), 4, null)).to.equal('stale');
    expect(standingOf(present(5), 5, null)).to.equal('newer');
    expect(standingOf(gone(5, 6), 6, null)).to.equal('stale');
    expect(standingOf(gone(5, 6), 7, null)).to.equal('newer');
  });

  it('lets nothing count that began before the first page of the last whole read', () => {
    for (const record of [undefined, present(3), gone(3, 4)]) expect(standingOf(record, 9, last)).to.equal('stale');
  });

  it('takes nothing for sure that began while the last whole read ran, whether the record is there or not', () => {
    for (const begin of [10, 11, 12])
      for (const record of [undefined, present(3), gone(3, 12)])
        expect(standingOf(record, begin, last), `${String(begin)} ${JSON.stringify(record)}`).to.equal('unsure');
    // A row that says itself that it is newer needs no second look.
    expect(standingOf(present(12), 11, last)).to.equal('stale');
  });

  it('lets count what began after its last page', () => {
    for (const record of [undefined, present(3), present(12), gone(3, 12)])
      expect(standingOf(record, 13, last)).to.equal('newer');
  });
});
