import { RollcallError } from '@rollcall/connector-kit';
import { expect } from 'chai';
import { failure, runErrorBody } from '#core/reconciliation/error-body.js';

const PLACE = { tenant: 'acme', directory: 'hr' };
const full = new RollcallError('RC_STORE_FULL', 74, 'stop', { what: 'The disk is full.', mend: 'Make room.' });

function thrownBy(signal: AbortSignal): unknown {
  try {
    signal.throwIfAborted();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('core/reconciliation/error-body', () => {
  const texts: [reason: unknown, message: string, exitCode: number][] = [
    ['SIGINT', 'Stopped by Ctrl-C.', 130],
    ['SIGTERM', 'Stopped by SIGTERM.', 143],
    ['the service shuts down', 'Stopped: the service shuts down.', 130],
    [undefined, 'Stopped.', 130],
    [{ code: 7 }, 'Stopped.', 130],
  ];
  for (const [reason, message, exitCode] of texts) {
    it(`says "${message}"`, () => {
      const signal = AbortSignal.abort(reason);
      const error = thrownBy(signal);
      expect(runErrorBody(error, signal, PLACE)).to.include({ code: 'RC_INTERRUPTED', message });
      expect(failure(error, signal)).to.deep.equal({ outcome: 'interrupted', exitCode });
    });
  }

  it('knows an abort by its name, and behind another error', () => {
    const signal = AbortSignal.abort('SIGTERM');
    const abort = new DOMException('The operation was aborted.', 'AbortError');
    for (const error of [abort, new Error('fetch failed', { cause: abort }), new Error('x', { cause: 'SIGTERM' })])
      expect(failure(error, signal)).to.deep.equal({ outcome: 'interrupted', exitCode: 143 });
  });

  it('tells what really went wrong while the run was being stopped', () => {
    const signal = AbortSignal.abort('SIGINT');
    expect(runErrorBody(full, signal, PLACE)).to.deep.include({ code: 'RC_STORE_FULL', message: 'The disk is full.' });
    expect(failure(full, signal)).to.deep.equal({ outcome: 'failed', exitCode: 74 });
    expect(runErrorBody(new TypeError('no such thing'), signal, PLACE)).to.include({ message: 'no such thing' });
    const lost = new RollcallError('RC_LEASE_LOST', 75, 'stop', { what: 'Another run took over.', mend: 'Wait.' });
    expect(failure(lost, signal)).to.deep.equal({ outcome: 'superseded', exitCode: 0 });
  });

  it('takes an AbortError for an error where nobody aborted', () => {
    const { signal } = new AbortController();
    const abort = new DOMException('The operation was aborted.', 'AbortError');
    expect(failure(abort, signal)).to.deep.equal({ outcome: 'failed', exitCode: 1 });
  });
});
