import { expect } from 'chai';
import { givenInstant, instantOf, originOf, wholeNumberOf } from '#cli/values.js';
import { isUsageError } from '#cli/usage-error.js';

function codeOf(task: () => unknown): string {
  try {
    task();
  } catch (error) {
    return isUsageError(error) ? error.code : 'another error';
  }
  return 'no error';
}

describe('cli/values', () => {
  it('reads instants with a zone, and dates as their first moment', () => {
    expect(instantOf('--at', '2026-03-09T08:00:00Z')).to.equal('2026-03-09T08:00:00Z');
    expect(instantOf('--at', '2026-03-09T08:00+01:00')).to.equal('2026-03-09T07:00:00Z');
    expect(instantOf('--at', '2026-03-09T08:00:00.250Z')).to.equal('2026-03-09T08:00:00.250Z');
    expect(instantOf('--at', '2026-03-09')).to.equal('2026-03-09T00:00:00Z');
  });

  it('refuses what is no instant, days that do not exist, and clocks without a zone', () => {
    for (const text of [
      '',
      'yesterday',
      '2026-02-30',
      '2026-02-30T08:00:00Z',
      '2026-03-09T08:00:00',
      '09.03.2026',
      '2026-03-09T25:00:00Z',
    ]) {
      expect(
        codeOf(() => instantOf('--at', text)),
        text,
      ).to.equal('RC_USAGE_INSTANT_INVALID');
    }
  });

  it('takes the clock from ROLLCALL_NOW only as a whole instant', () => {
    expect(givenInstant(undefined)).to.equal(undefined);
    expect(givenInstant('')).to.equal(undefined);
    expect(givenInstant('2026-03-09T08:00:00Z')?.toISOString()).to.equal('2026-03-09T08:00:00.000Z');
    for (const text of ['now', '2026-03-09', '2026-13-09T08:00:00Z', '1773043200']) {
      expect(
        codeOf(() => givenInstant(text)),
        text,
      ).to.equal('RC_USAGE_CLOCK_INVALID');
    }
  });

  it('reads whole numbers and nothing that only begins like one', () => {
    expect(wholeNumberOf('--limit', '20', 1)).to.equal(20);
    for (const text of ['0', '-1', '1.5', '1e3', '10x', '', '99999999999999999999']) {
      expect(
        codeOf(() => wholeNumberOf('--limit', text, 1)),
        text,
      ).to.equal('RC_USAGE_NUMBER_INVALID');
    }
  });

  it('reads the address of a service, without a path', () => {
    expect(originOf('--public-url', 'https://rollcall.example:8443/')).to.equal('https://rollcall.example:8443');
    for (const text of ['rollcall.example', 'ftp://x', 'https://x/scim', 'https://x/?a', '']) {
      expect(
        codeOf(() => originOf('--public-url', text)),
        text,
      ).to.equal('RC_USAGE_URL_INVALID');
    }
  });
});
