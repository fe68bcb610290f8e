import { expect } from 'chai';
import { matchKeys } from '#core/correlation/match-keys.js';
import { catalogueOf } from '#core/model/catalogue.js';
import type { Claim } from '#core/model/claims.js';
import type { Json } from '#core/model/json.js';

const catalogue = catalogueOf({ badge: { type: 'string' } });
const unknown = {
  since: '2026-03-09T08:00:00.000Z',
  cause: { code: 'RC_CLAIM_INVALID' as const, message: '', mend: '', because: 'schema' as const },
};

function keyOn(on: string, claim: Claim, attribute = on): string | null | undefined {
  const rule = { name: 'a rule', on, certainty: 'sure' as const, sameDirectory: false };
  return matchKeys({ [attribute]: claim }, [rule], catalogue)['a rule'];
}

const emailsKey = (value: Json): string | null | undefined => keyOn('emails.primary', { value }, 'emails');

describe('core/correlation/match-keys', () => {
  it('folds a text and takes its outer white space away', () => {
    expect(keyOn('employeeNumber', { value: '  E1001 ' })).to.equal('e1001');
  });

  it('lets two spellings of one letter meet', () => {
    expect(keyOn('userName', { value: 'Ame\u0301lie' })).to.equal(keyOn('userName', { value: 'AM\u00c9LIE' }));
  });

  it("reads any single attribute, the tenant's own too", () => {
    expect(keyOn('custom.badge', { value: 'B7' })).to.equal('b7');
  });

  for (const [name, claim] of [
    ['null', { value: null }],
    ['an empty text', { value: '' }],
    ['white space', { value: '  ' }],
    ['a number', { value: 7 }],
    ['unknown without a last good value', { unknown }],
  ] as const) {
    it(`has no key where the claim is ${name}`, () => {
      expect(keyOn('employeeNumber', claim)).to.equal(null);
    });
  }

  it('has no key where nothing is claimed', () => {
    expect(keyOn('employeeNumber', { value: 'E1' }, 'userName')).to.equal(null);
  });

  it('keys an unknown claim by its last good value', () => {
    expect(keyOn('employeeNumber', { value: 'E1', unknown })).to.equal('e1');
  });

  it('takes the primary address, else the first', () => {
    expect(emailsKey([{ value: 'a@acme.example' }, { value: 'B@acme.example', primary: true }])).to.equal(
      'b@acme.example',
    );
    expect(emailsKey([{ value: 'a@acme.example' }, { value: 'b@acme.example' }])).to.equal('a@acme.example');
    expect(emailsKey([])).to.equal(null);
    expect(emailsKey(null)).to.equal(null);
  });

  it('has no key on a set, a reference or an attribute that does not exist', () => {
    for (const on of ['emails', 'manager', 'groups', 'custom.unheard']) {
      expect(keyOn(on, { value: 'x1' }), on).to.equal(null);
    }
  });

  it('answers for every rule by its name', () => {
    const rules = [
      { name: 'employee number', on: 'employeeNumber', certainty: 'sure' as const, sameDirectory: false },
      { name: '__proto__', on: 'userName', certainty: 'probable' as const, sameDirectory: false },
    ];
    const keys = matchKeys({ employeeNumber: { value: 'E1' }, userName: { value: 'Ada' } }, rules, catalogue);
    expect(Object.entries(keys)).to.deep.equal([
      ['employee number', 'e1'],
      ['__proto__', 'ada'],
    ]);
  });
});
