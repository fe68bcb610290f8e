import { expect } from 'chai';
import { paintFor, wantsColour } from '#cli/terminal/paint.js';

describe('cli/terminal/paint', () => {
  it('paints on a terminal alone', () => {
    expect(wantsColour({ isTerminal: true, noColor: false, env: {} })).to.equal(true);
    expect(wantsColour({ isTerminal: false, noColor: false, env: {} })).to.equal(false);
  });

  it('obeys --no-color, NO_COLOR and dumb terminals', () => {
    expect(wantsColour({ isTerminal: true, noColor: true, env: {} })).to.equal(false);
    expect(wantsColour({ isTerminal: true, noColor: false, env: { NO_COLOR: '1' } })).to.equal(false);
    expect(wantsColour({ isTerminal: true, noColor: false, env: { NO_COLOR: '' } })).to.equal(true);
    expect(wantsColour({ isTerminal: true, noColor: false, env: { TERM: 'dumb' } })).to.equal(false);
  });

  it('closes what it opens', () => {
    const paint = paintFor({ isTerminal: true, noColor: false, env: {} });
    expect(paint('red', 'no')).to.equal('\u001b[31mno\u001b[39m');
    expect(paint('bold', '')).to.equal('');
  });
});
