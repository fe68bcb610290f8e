import { expect } from 'chai';
import { catalogueOf } from '#core/model/catalogue.js';
import { didYouMean, nearestName } from '#core/rules/nearest-name.js';

const attributes = [...catalogueOf().keys()];

describe('core/rules/nearest-name', () => {
  const cases: [string, readonly string[], string | null][] = [
    ['timezone', ['tenant', 'timeZone'], 'timeZone'],
    ['departmnt', attributes, 'department'],
    ['depratment', attributes, 'department'],
    ['givenName', attributes, 'name.givenName'],
    ['endDate', attributes, 'employment.endDate'],
    ['hr', ['it'], null],
    ['itt', ['hr', 'it'], 'it'],
    ['salary', attributes, null],
    ['', ['a'], 'a'],
    ['x', [], null],
  ];
  for (const [name, known, nearest] of cases) {
    it(`takes "${name}" for ${nearest === null ? 'nothing it knows' : `"${nearest}"`}`, () => {
      expect(nearestName(name, known)).to.equal(nearest);
    });
  }

  it('names what is known where nothing is near', () => {
    expect(didYouMean('x', ['count', 'percent'])).to.equal('Known here: count, percent.');
    expect(didYouMean('x', [])).to.equal('Take it out.');
  });
});
