import { expect } from 'chai';
import { ProgressLine, progressText, type ProgressReport } from '#cli/terminal/progress.js';

const report = (done: number, total?: number): ProgressReport => ({
  tenant: 'acme',
  directory: 'hr',
  phase: 'read',
  done,
  ...(total === undefined ? {} : { total }),
});

function lineOn(isTerminal: boolean): { line: ProgressLine; written: string[]; clock: { ms: number } } {
  const written: string[] = [];
  const clock = { ms: 0 };
  const line = new ProgressLine({
    write: (text) => written.push(text),
    isTerminal,
    width: () => 60,
    now: () => clock.ms,
  });
  return { line, written, clock };
}

describe('cli/terminal/progress', () => {
  it('says count, share, rate and the time that is left', () => {
    expect(progressText(report(12_000, 50_000), 3000)).to.equal(
      'acme/hr: reading 12,000 of 50,000 (24%), 4,000/s, 10s left',
    );
    expect(progressText(report(100, 100_000), 100_000)).to.equal(
      'acme/hr: reading 100 of 100,000 (0%), 1/s, 27h45m left',
    );
  });

  it('says the count alone while nothing else is known', () => {
    expect(progressText(report(0), 0)).to.equal('acme/hr: reading 0');
    expect(progressText({ tenant: 'acme', directory: null, phase: 'consequences', done: 250 }, 500)).to.equal(
      'acme: applying 250, 500/s',
    );
  });

  it('redraws one line on a terminal, ten times a second at most', () => {
    const { line, written, clock } = lineOn(true);
    line.report(report(1, 10));
    clock.ms = 50;
    line.report(report(2, 10));
    clock.ms = 150;
    line.report(report(3, 10));
    expect(written).to.have.length(2);
    expect(written.every((text) => text.startsWith('\r') && text.length === 60)).to.equal(true);
  });

  it('wipes the line away before something else is written', () => {
    const { line, written } = lineOn(true);
    line.clear();
    line.report(report(1, 10));
    line.clear();
    line.clear();
    expect(written).to.have.length(2);
    expect(written[1]).to.match(/^\r +\r$/);
  });

  it('writes a plain line every few seconds elsewhere', () => {
    const { line, written, clock } = lineOn(false);
    for (clock.ms = 0; clock.ms <= 12_000; clock.ms += 500) line.report(report(clock.ms, 20_000));
    expect(written).to.have.length(2);
    expect(written[0]).to.equal('acme/hr: reading 5,000 of 20,000 (25%), 1,000/s, 15s left\n');
  });

  it('counts each directory and phase by itself', () => {
    const { line, written, clock } = lineOn(true);
    line.report(report(1000));
    clock.ms = 2000;
    line.report({ ...report(1), phase: 'consequences' });
    expect(written[1]).to.contain('applying 1').and.not.contain('/s');
  });
});
