import { expect } from 'chai';
import { cutTo, padTo, widthOf } from '#cli/terminal/width.js';

describe('cli/terminal/width', () => {
  const cases: [string, number][] = [
    ['Ada', 3],
    ['', 0],
    ['Zoë', 3],
    ['Zoe\u0308', 3],
    ['山田太郎', 8],
    ['ｱｲｳ', 3],
    ['김철수', 6],
    ['👩‍👩‍👧', 2],
    ['🇩🇪', 2],
    ['⚠️', 2],
    ['\u001b[31mred\u001b[39m', 3],
    ['a\u200bb', 2],
  ];
  for (const [text, width] of cases) {
    it(`counts ${width} cells for ${JSON.stringify(text)}`, () => {
      expect(widthOf(text)).to.equal(width);
    });
  }

  it('cuts between characters and never through one', () => {
    expect(cutTo('山田太郎', 6)).to.equal('山田…');
    expect(cutTo('Zoe\u0308 Müller', 4)).to.equal('Zoe\u0308…');
    expect(cutTo('Ada', 3)).to.equal('Ada');
  });

  it('never fills more cells than it was given', () => {
    for (let width = 2; width < 12; width++) expect(widthOf(cutTo('Ada 山田 👩‍👩‍👧 Lovelace', width))).to.be.at.most(width);
  });

  it('pads to the same width whatever the letters', () => {
    expect(widthOf(padTo('山田', 10))).to.equal(10);
    expect(padTo('longer than that', 3)).to.equal('longer than that');
  });
});
