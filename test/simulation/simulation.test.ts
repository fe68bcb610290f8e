import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { postgresqlUrl, usesServer } from '../support/servers.js';

interface Figures {
  histories: number;
  failed: number;
  steps: number;
  syncs: number;
  plans: number;
  events: number;
}

/** Plays a range of seeds in a process of its own, so that two cores work. */
function simulate(from: number, to: number, store: string): Promise<{ figures: Figures; text: string }> {
  const main = fileURLToPath(new URL('main.js', import.meta.url));
  const child = spawn(process.execPath, [main, '--from', String(from), '--to', String(to), '--store', store], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', () => {
      const last = text.trimEnd().split('\n').at(-1) ?? '';
      if (last.startsWith('{')) resolve({ figures: JSON.parse(last) as Figures, text });
      else reject(new Error(`The simulation of seeds ${String(from)} to ${String(to)} ended early: ${text}`));
    });
  });
}

describe('simulation: random histories beside the oracle', function () {
  this.timeout(900_000);

  it('holds for 300 histories on SQLite', async () => {
    const halves = await Promise.all([simulate(1, 150, 'sqlite'), simulate(151, 300, 'sqlite')]);
    for (const { figures, text } of halves) expect(figures.failed, text).to.equal(0);
    expect(halves.reduce((sum, { figures }) => sum + figures.histories, 0)).to.equal(300);
    expect(halves.every(({ figures }) => figures.plans > 500 && figures.events > 3000)).to.equal(true);
  });

  describe('on PostgreSQL', () => {
    usesServer('postgresql');

    it('holds for 16 histories', async () => {
      const { figures, text } = await simulate(301, 316, postgresqlUrl());
      expect(figures.failed, text).to.equal(0);
      expect(figures.histories).to.equal(16);
    });
  });
});
