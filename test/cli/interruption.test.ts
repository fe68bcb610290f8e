import { expect } from 'chai';
import { EventEmitter } from 'node:events';
import { Interruption } from '#cli/interruption.js';

function listening(): { source: EventEmitter; interruption: Interruption; ended: number[]; told: string[] } {
  const source = new EventEmitter();
  const ended: number[] = [];
  const told: string[] = [];
  const interruption = new Interruption(source, (exitCode) => ended.push(exitCode));
  interruption.listen((message) => told.push(message));
  return { source, interruption, ended, told };
}

describe('cli/interruption', () => {
  it('asks the work to stop at the first SIGINT, and ends at once at the second', () => {
    const { source, interruption, ended, told } = listening();
    expect(interruption.exitCode).to.equal(null);
    source.emit('SIGINT');
    expect(interruption.signal.aborted).to.equal(true);
    expect(interruption.signal.reason).to.equal('SIGINT');
    expect(interruption.exitCode).to.equal(130);
    expect(told).to.deep.equal(['Stopping after the running batch. Press Ctrl-C again to end at once.']);
    expect(ended).to.deep.equal([]);
    source.emit('SIGINT');
    expect(ended).to.deep.equal([130]);
  });

  it('says 143 for SIGTERM, however often it comes', () => {
    const { source, interruption, ended } = listening();
    source.emit('SIGTERM');
    source.emit('SIGTERM');
    expect(interruption.exitCode).to.equal(143);
    expect(ended).to.deep.equal([]);
  });

  it('leaves no listener behind', () => {
    const { source, interruption } = listening();
    interruption.stopListening();
    expect(source.listenerCount('SIGINT') + source.listenerCount('SIGTERM')).to.equal(0);
  });
});
