import { expect } from 'chai';
import { RollcallError } from '@rollcall/core';
import { problemOf } from '#server/http/problem.js';

describe('server/http/problem', () => {
  const refusal = (code: `RC_${string}`, exitCode: number, extra = {}): RollcallError =>
    new RollcallError(code, exitCode, 'stop', {
      what: 'What happened.',
      mend: 'Mend it.',
      where: { file: '/x' },
      extra,
    });

  const CASES: [`RC_${string}`, number, number, string][] = [
    ['RC_USER_NOT_FOUND', 1, 404, 'RC_USER_NOT_FOUND'],
    ['RC_NOT_APPLIED', 78, 404, 'RC_TENANT_NOT_FOUND'],
    ['RC_USER_AMBIGUOUS', 1, 409, 'RC_USER_AMBIGUOUS'],
    ['RC_USAGE_LIMIT', 64, 400, 'RC_USAGE_LIMIT'],
    ['RC_STORE_BUSY', 75, 503, 'RC_STORE_BUSY'],
    ['RC_STORE_UNREACHABLE', 69, 503, 'RC_STORE_UNREACHABLE'],
    ['RC_STORE_FULL', 1, 500, 'RC_UNEXPECTED'],
    ['RC_SECRET_KEY_INVALID', 78, 500, 'RC_UNEXPECTED'],
  ];

  for (const [code, exitCode, status, answered] of CASES)
    it(`answers ${code} with ${status} ${answered}`, () => {
      const parts = problemOf(refusal(code, exitCode));
      expect([parts.status, parts.code]).to.deep.equal([status, answered]);
      expect(parts.headers).to.deep.equal(status === 503 ? { 'retry-after': '1' } : undefined);
      expect(JSON.stringify(parts)).to.not.contain('/x');
    });

  it('names candidates, and nothing else of what an error carries', () => {
    const parts = problemOf(refusal('RC_USER_AMBIGUOUS', 1, { candidates: [{ id: 'usr-1' }], statement: 'SELECT' }));
    expect(parts.candidates).to.deep.equal([{ id: 'usr-1' }]);
    expect(JSON.stringify(parts)).to.not.contain('SELECT');
  });

  it('tells nothing of an error that nobody planned', () => {
    for (const thrown of [new Error('CANARY'), 'CANARY', { code: 'CANARY' }, null, undefined])
      expect(JSON.stringify(problemOf(thrown)))
        .to.contain('RC_UNEXPECTED')
        .and.not.contain('CANARY');
  });
});
