import { expect } from 'chai';
import { postgresqlUrl, usesServer } from '../support/servers.js';
import { simulate } from './simulate.js';

describe('simulation: random histories beside the oracle, on PostgreSQL', function () {
  this.timeout(900_000);
  usesServer('postgresql');

  it('holds for 16 histories', async () => {
    const { figures, text } = await simulate(301, 316, postgresqlUrl());
    expect(figures.failed, text).to.equal(0);
    expect(figures.histories).to.equal(16);
  });
});
