import { expect } from 'chai';
import { Fuzz, type FuzzOptions, type Report } from './fuzz/compare.js';

/** A share of the comparisons, in per cent. */
function share(report: Report, count: number): number {
  return (100 * count) / report.comparisons;
}

async function fuzz(options: FuzzOptions): Promise<Report> {
  return new Fuzz(options).run();
}

describe('jsonata-compiler against the interpreter', function () {
  this.timeout(0);

  it('differs in none of 100,000 comparisons, in which everything comes up', async () => {
    const report = await fuzz({ seed: 1, comparisons: 100_000 });
    const rarest = report.coverage.sorted();
    const lines = [
      `seed 1, ${report.comparisons} comparisons: values ${share(report, report.values).toFixed(1)} %, nothing ${share(report, report.nothing).toFixed(1)} %, errors ${share(report, report.errors).toFixed(1)} %, interpreter crashed ${report.crashes}, two errors possible ${report.ambiguous}`,
      `rarest of ${rarest.length}: ${rarest
        .slice(0, 5)
        .map(([name, count]) => `${name} ${count}`)
        .join(', ')}`,
    ];
    process.stdout.write(lines.map((line) => `      ${line}\n`).join(''));
    expect(report.differences).to.deep.equal([]);
    expect(rarest.filter(([, count]) => count < 500)).to.deep.equal([]);
    expect(share(report, report.values)).to.be.at.least(40);
    expect(share(report, report.errors)).to.be.at.least(10);
    expect(
      share(report, report.crashes + report.ambiguous + report.wrote + report.endless + report.longPictures),
    ).to.be.below(2);
  });

  it('differs in none of 10,000 with closures only', async () => {
    const report = await fuzz({ seed: 5_000_001, comparisons: 10_000, compileOptions: { accelerate: false } });
    expect(report.differences).to.deep.equal([]);
  });

  for (const [right, wrong] of [
    ['<=', '<'],
    [' + ', ' - '],
    [' and ', ' or '],
    ['!=', '='],
  ] as const) {
    it(`finds a planted${right.trimEnd()} that behaves as${wrong.trimEnd()} within 10,000`, async () => {
      const plant = (text: string): string => text.replaceAll(right, wrong);
      const report = await fuzz({ seed: 1, comparisons: 10_000, plant });
      expect(report.differences).to.have.length.at.least(1);
    });
  }
});
