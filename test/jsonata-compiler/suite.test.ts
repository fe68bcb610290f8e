import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import jsonata from 'jsonata';
import { compile } from '#jsonata-compiler/compile.js';
import { isJsonataError } from '#jsonata-compiler/errors.js';

/** A case of JSONata's official suite, as packed into suite/. */
interface Case {
  readonly name: string;
  readonly expr: string;
  readonly data?: unknown;
  readonly dataset?: string | null;
  readonly bindings?: Record<string, unknown>;
  readonly result?: unknown;
  readonly undefinedResult?: boolean;
  readonly code?: string;
  readonly token?: string;
  readonly error?: { readonly code: string; readonly token?: string; readonly message?: string };
  readonly depth?: number;
}

const FILES = ['cases-a-f', 'cases-g-m', 'cases-n-z'];

function read(file: string): string {
  // Compiled tests run from dist/: the data stay with the sources.
  return readFileSync(new URL(`suite/${file}`, import.meta.url.replace('/test/dist/', '/test/')), 'utf8');
}

/** One JSON value a line. */
function lines<T>(file: string): T[] {
  return read(file)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

const cases = FILES.flatMap((file) => lines<Case>(`${file}.ndjson`));
const datasets = new Map(
  lines<{ name: string; data: unknown }>('datasets.ndjson').map(({ name, data }) => [name, data]),
);
const exclusions = JSON.parse(read('exclusions.json')) as Record<string, string>;

/** The suite's own guards against runaway expressions count evaluations; three of them make one call. */
function limitsOf({ code, depth }: Case): Record<string, unknown> {
  const large = { steps: 100_000_000, output: 10_000_000, sequence: 10_000_000, string: 10_000_000 };
  const time = { now: Date.UTC(2026, 10, 24), random: () => 0.5 };
  if (code === 'U1001') return { ...large, ...time, steps: 100_000, depth: Math.floor((depth ?? 300) / 3) };
  return { ...large, ...time, depth: Math.max(100, Math.floor((depth ?? 0) / 3)) };
}

function evaluate(test: Case, accelerate: boolean): unknown {
  const input = 'data' in test ? test.data : test.dataset == null ? undefined : datasets.get(test.dataset);
  return compile(test.expr, { accelerate }).evaluate(structuredClone(input), test.bindings, limitsOf(test));
}

function expectError(test: Case, accelerate: boolean): void {
  const wanted = test.error ?? test;
  let result: unknown;
  try {
    result = evaluate(test, accelerate);
  } catch (error) {
    if (!isJsonataError(error)) throw error;
    if (wanted.code === 'U1001') expect(error.code).to.match(/^BUDGET_(STEPS|DEPTH)$/);
    else expect(error.code).to.equal(wanted.code);
    if (wanted.token !== undefined) expect(error.token).to.equal(wanted.token);
    if (error.code === 'D3137' || error.code === 'D3141')
      expect(error.message).to.equal(test.error?.message ?? error.message);
    return;
  }
  expect.fail(`expected ${String(wanted.code)}, got ${JSON.stringify(result)}`);
}

function check(test: Case, accelerate: boolean): void {
  if (test.undefinedResult === true) expect(evaluate(test, accelerate)).to.equal(undefined);
  else if ('result' in test) expect(evaluate(test, accelerate)).to.deep.equal(test.result);
  else expectError(test, accelerate);
}

describe('jsonata-compiler: the official suite of jsonata 2.2.2', function () {
  // Ranges of ten million items are part of the suite.
  this.timeout(120_000);

  const symbolFor = Symbol.for;

  before(() => {
    // Whatever the interpreter evaluates, it first asks for this hook: it must not get that far.
    Symbol.for = (key) => {
      if (key === 'jsonata.__evaluate_entry') throw new Error('the interpreter was asked to evaluate');
      return symbolFor(key);
    };
  });

  after(() => {
    Symbol.for = symbolFor;
  });

  it('runs while the interpreter can evaluate nothing', async () => {
    const error: unknown = await jsonata('1')
      .evaluate(undefined)
      .catch((reason: unknown) => reason);
    expect(error).to.have.property('message', 'the interpreter was asked to evaluate');
  });

  it('has all 1,686 cases, and excludes at most 20, each with its reason', () => {
    const names = new Set(cases.map(({ name }) => name));
    expect(cases).to.have.length(1686);
    expect(names.size).to.equal(1686);
    expect(Object.keys(exclusions).length).to.be.at.most(20);
    for (const [name, reason] of Object.entries(exclusions)) {
      expect(names).to.include(name);
      expect(reason).to.have.length.above(10);
    }
  });

  it('finds every excluded case refused, with the code for it', () => {
    for (const test of cases) {
      if (exclusions[test.name] !== undefined) {
        expect(() => evaluate(test, true), test.name)
          .to.throw()
          .with.property('code', 'REFUSED_EVAL');
      }
    }
  });

  for (const accelerate of [true, false]) {
    describe(accelerate ? 'with generated source' : 'with closures only', () => {
      for (const test of cases) {
        if (exclusions[test.name] !== undefined) continue;
        it(`${test.name}: ${test.expr.slice(0, 80).replace(/\s+/g, ' ')}`, () => {
          check(test, accelerate);
        });
      }
    });
  }
});
