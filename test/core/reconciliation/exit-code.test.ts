import { expect } from 'chai';
import { worstExit } from '#core/reconciliation/exit-code.js';

/** The contract's order. */
const ORDER = [78, 1, 69, 75, 130, 143, 3, 4, 2, 0];

describe('core/reconciliation/exit-code', () => {
  for (const [at, code] of ORDER.entries()) {
    it(`lets ${code} win over all that come after it, in whatever order they occur`, () => {
      const rest = ORDER.slice(at);
      expect(worstExit(rest)).to.equal(code);
      expect(worstExit([...rest].reverse())).to.equal(code);
    });
  }

  it('is 0 where nothing ran', () => {
    expect(worstExit([])).to.equal(0);
  });
});
