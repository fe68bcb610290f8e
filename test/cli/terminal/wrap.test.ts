import { expect } from 'chai';
import { wrap } from '#cli/terminal/wrap.js';

describe('cli/terminal/wrap', () => {
  it('leaves a text alone that fits', () => {
    expect(wrap('  short  enough', 20)).to.equal('  short  enough');
    expect(wrap('a '.repeat(500), Infinity)).to.equal('a '.repeat(500));
  });

  it('breaks between words and indents what follows', () => {
    expect(wrap('  because hr says that Alan has left', 20, '    ')).to.equal(
      '  because hr says\n    that Alan has\n    left',
    );
  });

  it('does not break a word that is longer than the line', () => {
    expect(wrap('see https://example.org/very/long now', 10)).to.equal('see\nhttps://example.org/very/long\nnow');
  });
});
