import { expect } from 'chai';
import { simulate } from './simulate.js';

describe('simulation: random histories beside the oracle', function () {
  this.timeout(900_000);

  it('holds for 300 histories on SQLite', async () => {
    const halves = await Promise.all([simulate(1, 150, 'sqlite'), simulate(151, 300, 'sqlite')]);
    for (const { figures, text } of halves) expect(figures.failed, text).to.equal(0);
    expect(halves.reduce((sum, { figures }) => sum + figures.histories, 0)).to.equal(300);
    expect(halves.every(({ figures }) => figures.plans > 500 && figures.events > 3000)).to.equal(true);
  });
});
