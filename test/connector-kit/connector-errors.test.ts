import * as kit from '@rollcall/connector-kit';
import { expect } from 'chai';

const { isRollcallError, WHAT_HAPPENS_NEXT } = kit;

const PARTS = { what: 'Something happened.', where: { file: 'a.csv', line: 3 }, mend: 'Mend it.', retryAfterMs: 1500 };

describe('connector-kit/errors/connector-errors', () => {
  for (const [name, row] of Object.entries(WHAT_HAPPENS_NEXT)) {
    const Class = kit[name as keyof typeof WHAT_HAPPENS_NEXT];

    it(`makes ${name} as the table says`, () => {
      const cause = new Error('below');
      const error = new Class({ ...PARTS, cause });
      expect(isRollcallError(error)).to.equal(true);
      expect(error).to.include({ name, code: row.code, exitCode: row.exitCode, next: row.next, cause });
      expect(error).to.include({ message: PARTS.what, mend: PARTS.mend });
      expect(error.where).to.deep.equal(PARTS.where);
    });

    it(`lets ${name} carry a narrower code`, () => {
      const error = new Class({ ...PARTS, code: 'RC_NARROWER' });
      expect(error).to.include({ code: 'RC_NARROWER', exitCode: row.exitCode, next: row.next });
    });
  }

  it('keeps how long a source asks to wait', () => {
    expect(new kit.RateLimited(PARTS).retryAfterMs).to.equal(1500);
  });

  it('gives every row its own code', () => {
    const codes = Object.values(WHAT_HAPPENS_NEXT).map(({ code }) => code);
    expect(new Set(codes).size).to.equal(codes.length);
  });

  it('knows an error of another copy of the package by its mark', () => {
    const foreign = Object.assign(new Error('foreign'), { [Symbol.for('rollcall.error')]: true });
    expect(isRollcallError(foreign)).to.equal(true);
    expect(isRollcallError(new Error('plain'))).to.equal(false);
    expect(isRollcallError(null)).to.equal(false);
    expect(isRollcallError('RC_TEXT')).to.equal(false);
  });
});
