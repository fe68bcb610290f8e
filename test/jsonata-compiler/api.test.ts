import { expect } from 'chai';
import * as api from '#jsonata-compiler/index.js';
import { compile, compileMapping, defineFunction, isJsonataError, JsonataError } from '#jsonata-compiler/index.js';

/** The error that `run` ends with. */
function errorOf(run: () => unknown): JsonataError {
  try {
    run();
  } catch (error) {
    if (isJsonataError(error)) return error;
    throw error;
  }
  return expect.fail('it ended well');
}

describe('jsonata-compiler/index', () => {
  it('exports what the README documents, and nothing else', () => {
    expect(Object.keys(api).sort()).to.deep.equal([
      'CompiledExpression',
      'CompiledMapping',
      'JsonataError',
      'compile',
      'compileMapping',
      'defaultBudgets',
      'defineFunction',
      'isFunctionValue',
      'isJsonataError',
    ]);
  });
});

describe('jsonata-compiler/compile', () => {
  it('evaluates at once, without a promise', () => {
    expect(compile('$sum(items.price)').evaluate({ items: [{ price: 1 }, { price: 2 }] })).to.equal(3);
  });

  it('tells a parse error by the code, position and token of the parser', () => {
    const error = errorOf(() => compile('a + )'));
    expect([error.code, error.position, error.token]).to.deep.equal(['S0211', 5, ')']);
    expect(error.message).to.equal(') cannot stand before its operand.');
  });

  it('tells an evaluation error by code, position and token, and never prints a value', () => {
    const error = errorOf(() => compile('1 + secret').evaluate({ secret: 'hunter2' }));
    expect([error.code, error.position, error.token]).to.deep.equal(['T2002', 3, '+']);
    expect(JSON.stringify(error) + error.message).to.not.contain('hunter2');
  });

  it('cuts what an author puts into $error at 200 characters', () => {
    const error = errorOf(() => compile('$error($string($$))').evaluate({ text: 'x'.repeat(5000) }));
    expect(error.code).to.equal('D3137');
    expect(error.message).to.have.length(200);
  });

  it('evaluates again and again with the bindings and limits it was bound to', () => {
    const evaluate = compile('$double(n) + $rate').bind(
      { double: defineFunction((n: number) => 2 * n, '<n:n>'), rate: 3 },
      { steps: 10 },
    );
    expect(evaluate({ n: 4 })).to.equal(11);
    expect(evaluate({ n: 5 })).to.equal(13);
    expect(errorOf(() => compile('[1..20]').bind(undefined, { steps: 10 })({})).code).to.equal('BUDGET_STEPS');
    expect(errorOf(() => evaluate({ n: 'x' })).code).to.equal('T0410');
  });

  it('reads a timestamp without a zone in UTC, wherever the machine stands', () => {
    const zone = process.env.TZ;
    process.env.TZ = 'America/New_York';
    try {
      expect(compile('$toMillis("2026-03-09T08:00:00")').evaluate({})).to.equal(Date.UTC(2026, 2, 9, 8));
      expect(compile('$toMillis("2026-03-09T08:00:00-05:00")').evaluate({})).to.equal(Date.UTC(2026, 2, 9, 13));
      expect(compile('$toMillis("2026-03-09")').evaluate({})).to.equal(Date.UTC(2026, 2, 9));
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  it('formats an endless number in digits, as the interpreter does', () => {
    expect(compile('$formatInteger(1/0, "#,##0")').evaluate({})).to.equal('In,fin,ity');
    expect(errorOf(() => compile('$formatInteger(1/0, "A")').evaluate({})).code).to.equal('D1001');
  });

  it('tells what is wrong with a picture before what is wrong with the number', () => {
    const codeOf = (text: string): string => errorOf(() => compile(text).evaluate({})).code;
    expect(codeOf('$formatNumber(1/0, "face")')).to.equal('D3093');
    expect(codeOf('$formatNumber(1/0, "0.0e0")')).to.equal('D1001');
  });

  it('takes a limit of $split as JavaScript does', () => {
    const split = (limit: string): unknown => compile(`$split("abc", "", ${limit})`).evaluate({});
    expect(['1/0', '4294967296', '0.5', '0'].map(split)).to.deep.equal([[], [], [], []]);
    expect(['2', '2.5', '4294967298'].map(split)).to.deep.equal(Array(3).fill(['a', 'b']));
    expect(split('10000000000')).to.deep.equal(['a', 'b', 'c']);
    expect(compile('$split("abc", /b/, 1/0)').evaluate({})).to.deep.equal(['a', 'c']);
  });

  it('says where a regular expression ends that nobody can read', () => {
    const error = errorOf(() => compile('$match("/", /x/) & $match(a, /x{1000}{1000}/im)'));
    expect([error.code, error.position]).to.deep.equal(['INVALID_TEXT', 46]);
  });

  it('gives frozen input back as it was', () => {
    const input = Object.freeze({ tags: Object.freeze(['b', 'a']), empty: Object.freeze([]) });
    expect(compile('tags[]').evaluate(input)).to.deep.equal(['b', 'a']);
    expect(compile('empty{"a": 1}').evaluate(input)).to.deep.equal({ a: 1 });
    expect(compile('$sort(tags)').evaluate(input)).to.deep.equal(['a', 'b']);
    expect(compile('$ ~> |$|{"x": 1}|').evaluate(input)).to.deep.equal({ tags: ['b', 'a'], empty: [], x: 1 });
  });

  it('reads own properties only', () => {
    const input = Object.create({ inherited: 1 }) as Record<string, unknown>;
    input.own = 2;
    for (const accelerate of [true, false]) {
      const read = (text: string): unknown => compile(text, { accelerate }).evaluate(input);
      expect([read('own'), read('inherited'), read('constructor'), read('`__proto__`')]).to.deep.equal([
        2,
        ...Array<undefined>(3),
      ]);
      expect(read('$lookup($, "inherited")')).to.equal(undefined);
      expect(read('$keys($)')).to.equal('own');
    }
  });

  it('keeps a key named __proto__ as a key', () => {
    const made = compile('{"__proto__": {"a": 1}, "b": 2}').evaluate({}) as Record<string, unknown>;
    expect(Object.keys(made)).to.deep.equal(['__proto__', 'b']);
    expect(Object.getPrototypeOf(made)).to.equal(Object.prototype);
  });

  it('takes no record for a function, whatever its keys say', () => {
    const input = { f: { _jsonata_function: true, implementation: 1 }, l: { _jsonata_lambda: true } };
    expect(compile('$type(f) & $type(l)').evaluate(input)).to.equal('objectobject');
    expect(compile('f').evaluate(input)).to.deep.equal(input.f);
    expect(errorOf(() => compile('f()').evaluate(input)).code).to.equal('T1006');
    expect(errorOf(() => compile('$map([1], l)').evaluate(input)).code).to.equal('T0410');
  });

  it('can be entered again from a function of the caller', () => {
    const inner = compile('a & "!"');
    const outer = compile('[$inner(1), a, $inner(2)]');
    const result = outer.evaluate({ a: 'x' }, { inner: (n: number) => inner.evaluate({ a: n }) });
    expect(result).to.deep.equal(['1!', 'x', '2!']);
  });
});

describe('jsonata-compiler/compile: bindings', () => {
  it('win over built-ins, in written and in closed nodes', () => {
    const bindings = { lookup: () => 'mine', uppercase: (text: string) => `<${text}>` };
    for (const accelerate of [true, false]) {
      const text = '$lookup({"a": 1}, "a") & $uppercase("x")';
      expect(compile(text, { accelerate }).evaluate({}, bindings)).to.equal('mine<x>');
      expect(compile(text, { accelerate }).evaluate({})).to.equal('1X');
    }
  });

  it('carry values', () => {
    expect(compile('$table.de & $n').evaluate({}, { table: { de: 'Germany' }, n: 1 })).to.equal('Germany1');
  });

  it('may have a signature, by which arguments are checked and the context stands in', () => {
    const twice = defineFunction((text: string) => text + text, '<s-:s>');
    expect(compile('name.$twice()').evaluate({ name: 'ab' }, { twice })).to.equal('abab');
    const error = errorOf(() => compile('$twice(1)').evaluate({}, { twice }));
    expect([error.code, error.token, error.index]).to.deep.equal(['T0410', 'twice', 1]);
  });

  it('are called with functions as functions of JSONata only', () => {
    const error = errorOf(() => compile('$data.run()').evaluate({}, { data: { run: () => 1 } }));
    expect(error.code).to.equal('T1006');
  });

  it('hand on a code of their own, with the place of the call', () => {
    const miss = (): never => {
      throw Object.assign(new Error('no such key'), { code: 'RC_MAPPING_TABLE_MISS' });
    };
    const error = errorOf(() => compile('1 & $lookup({}, "x")').evaluate({}, { lookup: miss }));
    expect([error.code, error.position, error.token]).to.deep.equal(['RC_MAPPING_TABLE_MISS', 12, 'lookup']);
    expect(error.cause).to.have.property('message', 'no such key');
  });

  it('are refused where they answer with a promise', () => {
    expect(errorOf(() => compile('$f()').evaluate({}, { f: () => Promise.resolve(1) })).code).to.equal(
      'REFUSED_PROMISE',
    );
  });
});

describe('jsonata-compiler/compile: limits', () => {
  const codeWith = (text: string, limits: api.Limits): string =>
    errorOf(() => compile(text).evaluate({ list: [1, 2, 3] }, undefined, limits)).code;

  it('end an evaluation by the budget that it exceeds', () => {
    expect(codeWith('list.($ + 1)', { steps: 2 })).to.equal('BUDGET_STEPS');
    expect(codeWith('($f := function($n){$n = 0 ? 0 : 1 + $f($n - 1)}; $f(9))', { depth: 8 })).to.equal('BUDGET_DEPTH');
    expect(codeWith('list', { output: 20 })).to.equal('BUDGET_OUTPUT');
    expect(codeWith('[1..9]', { sequence: 8 })).to.equal('BUDGET_SEQUENCE');
    expect(codeWith('$pad("", 101)', { string: 100 })).to.equal('BUDGET_STRING');
  });

  it('end it at the same place every time', () => {
    const text = '$map([1..100], function($x){$x}) ~> $sum()';
    const least = Array.from({ length: 1000 }, (_nothing, steps) => steps + 1).find((steps) => {
      try {
        return compile(text).evaluate({}, undefined, { steps }) === 5050;
      } catch {
        return false;
      }
    });
    expect(least).to.be.above(200);
    for (let round = 0; round < 3; round++) {
      expect(compile(text).evaluate({}, undefined, { steps: least ?? 0 })).to.equal(5050);
      expect(codeWith(text, { steps: (least ?? 0) - 1 })).to.equal('BUDGET_STEPS');
    }
  });

  it('refuse what is no budget', () => {
    expect(() => compile('1').evaluate({}, undefined, { steps: 0 })).to.throw();
    expect(() => compile('1').evaluate({}, undefined, { steps: Infinity })).to.throw();
  });

  it('give time and chance, which there are none of else', () => {
    const limits = { now: Date.UTC(2026, 0, 2, 3, 4, 5), random: () => 0.25 };
    const evaluate = (text: string): unknown => compile(text).evaluate({}, undefined, limits);
    expect(evaluate('$now()')).to.equal('2026-01-02T03:04:05.000Z');
    expect(evaluate('$millis()')).to.equal(limits.now);
    expect(evaluate('$random()')).to.equal(0.25);
    expect(evaluate('$fromMillis($toMillis("10:30", "[H01]:[m01]"))')).to.equal('2026-01-02T10:30:00.000Z');
    expect(evaluate('$shuffle([1, 2, 3])')).to.deep.equal([3, 1, 2]);
    for (const text of ['$now()', '$millis()', '$toMillis("10:30", "[H01]:[m01]")'])
      expect(codeWith(text, {})).to.equal('REFUSED_CLOCK');
    for (const text of ['$random()', '$shuffle([1, 2])']) expect(codeWith(text, {})).to.equal('REFUSED_RANDOM');
    expect(compile('$toMillis("2020-01-01", "[Y]-[M]-[D]")').evaluate({})).to.equal(Date.UTC(2020, 0, 1));
  });
});

describe('jsonata-compiler/mapping', () => {
  it('evaluates each expression with an error of its own', () => {
    const mapping = compileMapping(['a', 'missing', '1 + a', '$uppercase(a)']);
    const { values, errors } = mapping.evaluate({ a: 'x' });
    expect(values).to.deep.equal(['x', undefined, undefined, 'X']);
    expect([...(errors ?? [])].map(([number, { code }]) => [number, code])).to.deep.equal([[2, 'T2002']]);
    expect(compileMapping(['1']).evaluate({}).errors).to.equal(undefined);
  });

  it('gives each expression budgets of its own', () => {
    const mapping = compileMapping(Array<string>(5).fill('$count(list.($ + 1))'));
    expect(mapping.evaluate({ list: [1, 2, 3] }, undefined, { steps: 12 }).values).to.deep.equal([3, 3, 3, 3, 3]);
    expect(mapping.evaluate({ list: [1, 2, 3] }, undefined, { steps: 3 }).errors?.size).to.equal(5);
  });

  it('reads own fields of the root only, whichever expression asks first', () => {
    const texts = [
      'constructor',
      'name',
      'name & "!"',
      '__proto__',
      'toString.name',
      'name = 1',
      'inherited',
      'inherited',
    ];
    const mapping = compileMapping(texts);
    const input: unknown = Object.assign(Object.create({ inherited: 1 }) as object, { name: 'x' });
    const none = undefined;
    for (const record of [input, { name: 'x' }, JSON.parse('{"name":"x"}')])
      expect(mapping.evaluate(record).values).to.deep.equal([none, 'x', 'x!', none, none, false, none, none]);
    const own: unknown = JSON.parse('{"constructor":1,"__proto__":2,"toString":{"name":3}}');
    expect(mapping.evaluate(own).values).to.deep.equal([1, none, '!', 2, 3, false, none, none]);
    expect(mapping.evaluate([{ name: 'x' }, { name: 'y' }]).values[1]).to.deep.equal(['x', 'y']);
    expect(mapping.evaluate('text').values).to.deep.equal([none, none, '!', none, none, false, none, none]);
  });

  it('shares bindings', () => {
    const mapping = compileMapping(['$f(1)', '$f(2)', '($f := 3; $f)']);
    expect(mapping.evaluate({}, { f: (n: number) => n * 10 }).values).to.deep.equal([10, 20, 3]);
  });
});
