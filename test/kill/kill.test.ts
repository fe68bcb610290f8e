import { expect } from 'chai';
import { onBothStores } from '../support/stores.js';
import { expectSame } from './expect-same.js';
import { killLoop, type KillOptions } from './loop.js';
import { PHASES } from './phases.js';

type Size = Pick<KillOptions, 'kills' | 'people' | 'seed' | 'killsPerDay'>;

/** What `npm test` runs; `npm run test:kill` hands in another size. */
const CI: Size = { kills: 12, people: 2_000, seed: 1, killsPerDay: 3 };
const given = process.env.ROLLCALL_KILL;
const size = given === undefined ? CI : (JSON.parse(given) as Size);

onBothStores('kill -9', (kind) => {
  it(`leaves nothing behind: ${size.kills} kills of an import of ${size.people} people`, async function () {
    this.timeout(0);
    const figures = await killLoop({ kind, ...size, print }, expectSame);
    print(`${kind.name}: ${JSON.stringify(figures)}`);
    expect(figures.kills).to.be.at.least(size.kills);
    expect(figures.compared).to.be.at.least(Math.ceil(size.kills / size.killsPerDay));
    for (const phase of PHASES) expect(figures.hits[phase], `kills in ${phase}`).to.be.at.least(2);
  });
});

function print(line: string): void {
  process.stdout.write(`    ${line}\n`);
}
