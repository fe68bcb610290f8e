import { expect } from 'chai';
import { compile, isJsonataError } from '#jsonata-compiler/index.js';

/** How compiling `text` ends, and whether what is made of it can be asked about. */
function outcome(text: string, accelerate = true): string {
  try {
    const made = compile(text, { accelerate });
    made.explain();
    return `reads ${made.reads === 'all' ? 'all' : String(made.reads.size)}, ${String(made.variables.size)} variables`;
  } catch (error) {
    if (!isJsonataError(error)) throw error;
    return error.code;
  }
}

const nested = (open: string, inner: string, close: string, count: number): string =>
  open.repeat(count) + inner + close.repeat(count);

const chain = (operand: string, operator: string, count: number): string => Array(count).fill(operand).join(operator);

/** The sources of the functions that `run` generates. */
function generated(run: () => void): string[] {
  const sources: string[] = [];
  const original = globalThis.Function;
  globalThis.Function = new Proxy(original, {
    construct: (target, args: string[]) => {
      sources.push(args.at(-1) ?? '');
      return Reflect.construct(target, args);
    },
  });
  try {
    run();
  } finally {
    globalThis.Function = original;
  }
  return sources;
}

/** Forms that nest, each with a number of times that must compile; ten times that must not, and must be told at once. */
const NESTING: readonly (readonly [name: string, count: number, text: (count: number) => string])[] = [
  ['objects', 290, (count) => nested('{"a":', '1', '}', count)],
  ['arrays', 290, (count) => nested('[', '1', ']', count)],
  ['brackets', 290, (count) => nested('(', '1', ')', count)],
  ['blocks', 290, (count) => nested('($x:=1;', '$x', ')', count)],
  ['calls', 290, (count) => nested('$not(', 'a', ')', count)],
  ['functions', 290, (count) => nested('function($x){', '$x', '}', count)],
  ['predicates', 140, (count) => nested('a[', '1', ']', count)],
  ['predicates on variables', 140, (count) => nested('a@$x.b[', '1', ']', count)],
  ['groups', 290, (count) => nested('a{"x":', '1', '}', count)],
  ['sorts', 140, (count) => nested('a^(', 'b', ')', count)],
  ['array constructors in front of paths', 140, (count) => nested('[', '1', '].a', count)],
  ['objects with variables', 140, (count) => nested('a@$x.{"k":', '1', '}', count)],
  ['&', 590, (count) => chain('a', '&', count)],
  ['and', 590, (count) => chain('a', ' and ', count)],
  ['+', 590, (count) => chain('1', '+', count)],
  ['? :', 590, (count) => 'c?x:'.repeat(count) + '1'],
];

describe('jsonata-compiler/compile: depth and size', () => {
  for (const [name, count, text] of NESTING) {
    it(`compiles ${count} levels of ${name}, refuses many more, and ends in time either way`, () => {
      for (const accelerate of [true, false]) {
        expect(outcome(text(count), accelerate)).to.match(/^reads /);
        for (const times of [1.1, 1.7, 2, 3, 4, 6])
          if (text(count * times).length <= 16_384)
            expect(outcome(text(Math.ceil(count * times)), accelerate), String(times)).to.equal('BUDGET_TEXT');
      }
    });
  }

  it('compiles a field of the root in the longest path that fits', () => {
    expect(outcome(chain('a', '.', 4000))).to.equal('reads 1, 0 variables');
  });

  it('refuses a short text that the parser would copy into a large tree', () => {
    expect(outcome(nested('(', chain('a', '+', 20), '??1)', 12))).to.equal('BUDGET_TEXT');
  });

  it('generates each part once, a bounded number of functions, and a bounded amount of source', () => {
    const many = [
      chain('a', '&', 500),
      chain('$trim(a)', ' and ', 400),
      `[${chain('$map(a, function($v){ $v.b & $v.c })', ',', 300)}]`,
      `{${Array.from({ length: 900 }, (_nothing, index) => `"k${index}": f${index}`).join(',')}}`,
      nested('$map(a, function($v){', chain('$v.a', '&', 60), '})', 1),
      nested('{"a":', '1', '}', 290),
    ];
    for (const text of many) {
      const sources = generated(() => compile(text));
      expect(sources.length, text.slice(0, 40)).to.be.within(1, 64);
      expect(sources.join('').length, text.slice(0, 40)).to.be.below(350_000);
      for (const source of sources) expect(source.length).to.be.below(100_000);
    }
  });

  it('gives the same values, however it was split', () => {
    const input = { a: 'x', c: false, b: [1, 2, 3] };
    const texts = [
      chain('a', '&', 500),
      'c?x:'.repeat(400) + 'a',
      `$sum([${chain('b[$ > 1].($ * 2)', ',', 400)}])`,
      `{${Array.from({ length: 450 }, (_nothing, index) => `"k${index}": $uppercase(a) & "${index}"`).join(',')}}`,
    ];
    for (const text of texts) {
      const closed = compile(text, { accelerate: false }).evaluate(input);
      expect(compile(text).evaluate(input)).to.deep.equal(closed);
      expect(closed).to.not.equal(undefined);
    }
    expect(compile(chain('a', '&', 500)).evaluate(input)).to.equal('x'.repeat(500));
  });

  it('writes a long list of attributes as one function still', () => {
    const text = `{${Array.from({ length: 40 }, (_nothing, index) => `"k${index}": f${index} & "-"`).join(',')}}`;
    expect(generated(() => compile(text))).to.have.length(1);
    expect(compile(text).explain()[0]).to.include({ type: 'unary', runs: 'source' });
  });
});
