import { expect } from 'chai';
import { compile, compileMapping, isJsonataError, type CompiledExpression } from '#jsonata-compiler/index.js';
import { Context, KINDS } from './fuzz/context.js';
import { make } from './fuzz/expressions.js';
import { canonical } from './fuzz/interpreter.js';
import { Random } from './fuzz/random.js';
import { makeRecord } from './fuzz/records.js';
import { render } from './fuzz/tree.js';
import { Fuzz, type FuzzOptions, type Report } from './fuzz/compare.js';

/** A share of the comparisons, in per cent. */
function share(report: Report, count: number): number {
  return (100 * count) / report.comparisons;
}

async function fuzz(options: FuzzOptions): Promise<Report> {
  return new Fuzz(options).run();
}

function told(error: unknown): string {
  if (!isJsonataError(error)) throw error;
  return `${error.code} at ${String(error.position)} in ${JSON.stringify(error.token)}`;
}

function alone(expression: CompiledExpression, record: unknown): string {
  try {
    return canonical(expression.evaluate(record));
  } catch (error) {
    return told(error);
  }
}

/** Expressions by their text; some of what is made up does not parse. */
function compileAll(texts: readonly string[]): Map<string, CompiledExpression> {
  const made = new Map<string, CompiledExpression>();
  for (const text of texts) {
    try {
      made.set(text, compile(text));
    } catch (error) {
      told(error);
    }
  }
  return made;
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
      share(
        report,
        report.crashes + report.ambiguous + report.wrote + report.endless + report.tooLarge + report.longPictures,
      ),
    ).to.be.below(2);
  });

  it('differs in none of 10,000 with closures only', async () => {
    const report = await fuzz({ seed: 5_000_001, comparisons: 10_000, compileOptions: { accelerate: false } });
    expect(report.differences).to.deep.equal([]);
  });

  // Each differed once: a bad picture of an endless number, an endless limit of $split, a hole that the interpreter wrote.
  for (const seed of [214_519, 241_973, 179_908]) {
    it(`differs no more in the expression of seed ${seed}`, async () => {
      const kept = new Fuzz({ seed, comparisons: 4 });
      await kept.expression(seed);
      expect(kept.report.differences).to.deep.equal([]);
    });
  }

  it('gives by 1,000 mappings what their expressions give one by one', () => {
    for (let seed = 1; seed <= 1000; seed++) {
      const random = new Random(Math.imul(seed, 2_654_435_761));
      const context = new Context(random, make);
      const texts = Array.from({ length: 5 }, () => render(make(random.pick(KINDS), context, 2)));
      const singles = compileAll(texts);
      const mapping = compileMapping([...singles.keys()]);
      for (const record of [makeRecord(random), makeRecord(random)]) {
        const { values, errors } = mapping.evaluate(record);
        const together = values.map((value, number) =>
          errors?.has(number) ? told(errors.get(number)) : canonical(value),
        );
        const apart = [...singles.values()].map((single) => alone(single, record));
        expect(together, `seed ${seed}`).to.deep.equal(apart);
      }
    }
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
