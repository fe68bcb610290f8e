import { expect } from 'chai';
import type { UnknownCause } from '#core/model/claims.js';
import { Interpreter } from '#core/mapping/interpreter.js';
import { ExpressionSyntaxError } from '#core/mapping/evaluator.js';
import { titleOf } from './compiled.js';

/** The expressions of a stranger that the interpreter's bindings stop; each ends with a code. */
const stopped: [string, string][] = [
  ['($f := function($n) { $f($n + 1) }; $f(1))', 'D1012'],
  ['($f := function($n) { 1 + $f($n + 1) }; $f(1))', 'D1011'],
  ['[1..100000]', 'D2015'],
  ['[1..200].([1..200])', 'D2015'],
  ['$pad("", 20000000, "x")', '10000'],
  ['$reduce([1..40], function($a, $i) { $a & $a }, "x")', 'RangeError'],
  ['$uppercase($reduce([1..24], function($a, $i) { $a & $a }, "x"))', '1000000'],
  ['$base64encode($reduce([1..24], function($a, $i) { $a & $a }, "x"))', '1000000'],
  ['$string({"a": $reduce([1..24], function($a, $i) { $a & $a }, "x")})', '1000000'],
  ['$join($map([1..200], function($i) { $pad("", 9999, "x") }))', '1000000'],
  ['$replace($pad("", 9999, "a"), "a", $pad("", 9999, "b"))', 'grow'],
  ['$reduce([1..19], function($a, $i) { $a & $a }, "x")', '256 KiB'],
  ['$toMillis("2020-01-01", "[f1][f1][f1]")', 'picture'],
  ['$toMillis("10:00", "[H01]:[m01]")', 'year'],
  ['$fromMillis(0, "[Y,1000000000]")', 'picture'],
  ['$parseInteger("1", $pad("", 5000, "0"))', '100'],
  ['{"__proto__": {"polluted": 1}}', '__proto__'],
  ['{"a": {"constructor": 1}}', 'constructor'],
  ['$merge([{"prototype": 1}])', 'prototype'],
  ['$uppercase', 'function'],
  ['function($x) { $x }', 'function'],
  ['1 / 0', 'finite'],
  ['$error($string($$))', '$error'],
];

const harmless = [
  '$lookup($$, "constructor")',
  '$lookup($$, "__proto__")',
  '$$.constructor',
  '`__proto__`.constructor',
  '$keys($$)[0].constructor.constructor',
  '$match(s, /^(a+)+$/)',
  '$contains(s, /(a|a)*b$/)',
  '$sum.constructor',
  '$ ~> | $ | {"polluted": 1} |',
];

const raw = { s: `${'a'.repeat(5000)}!`, name: 'Lovelace' };

describe('core/mapping/interpreter, hostile expressions', () => {
  for (const [expression, sign] of stopped) {
    it(`stops ${expression}`, async () => {
      const claim = await titleOf(expression, raw);
      expect(claim).to.have.nested.property('error.code', 'RC_MAPPING_EXPRESSION');
      const { message } = (claim as { error: UnknownCause }).error;
      expect(message).to.include(sign);
      expect(message).not.to.include('Lovelace');
    });
  }

  for (const expression of harmless) {
    it(`gets nothing from ${expression}`, async () => {
      const claim = await titleOf(expression, raw);
      expect(JSON.stringify(claim ?? null)).not.to.match(/native code|\[Function/);
      expect(({} as Record<string, unknown>).polluted).to.equal(undefined);
      expect(raw).not.to.have.property('polluted');
    });
  }

  it('gives up an expression that runs out of time again and again, and tries it once more a thousand records later', async () => {
    const endless = new Interpreter().compile('($f := function($n) { $f($n + 1) }; go ? $f(1) : "done")', {});
    const outcome = async (go: boolean): Promise<unknown> => {
      try {
        return await endless.evaluate({ go });
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(await outcome(true)).to.include('D1012');
    expect(await outcome(false), 'one bad record is no reason').to.equal('done');
    for (let time = 0; time < 3; time++) expect(await outcome(true)).to.include('D1012');
    for (let time = 1; time < 1000; time++) expect(await outcome(false), 'not even tried').to.include('D1012');
    expect(await outcome(false)).to.equal('done');
    expect(await outcome(false)).to.equal('done');
  }).timeout(30_000);

  const refused: [string, string][] = [
    ['$eval("1")', 'RC_MAPPING_FORBIDDEN_FUNCTION'],
    ['$random()', 'RC_MAPPING_FORBIDDEN_FUNCTION'],
    ['$shuffle([1])', 'RC_MAPPING_FORBIDDEN_FUNCTION'],
    ['$now()', 'RC_MAPPING_FORBIDDEN_FUNCTION'],
    ['$millis()', 'RC_MAPPING_FORBIDDEN_FUNCTION'],
    ['$constructor', 'RC_MAPPING_UNKNOWN_VARIABLE'],
    ['$match(s, /(a)\\1/)', 'RC_MAPPING_PATTERN'],
    ['$match(s, /(?<=a)b/)', 'RC_MAPPING_PATTERN'],
    [`${'('.repeat(20_000)}1`, 'RC_MAPPING_SYNTAX'],
  ];
  for (const [expression, code] of refused) {
    it(`does not compile ${expression.slice(0, 40)}`, () => {
      expect(() => new Interpreter().compile(expression, {}))
        .to.throw(ExpressionSyntaxError)
        .with.property('code', code);
    });
  }
});
