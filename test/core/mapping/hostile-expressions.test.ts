import { expect } from 'chai';
import type { UnknownCause } from '#core/model/claims.js';
import { CompiledEvaluator } from '#core/mapping/compiled-evaluator.js';
import { ExpressionSyntaxError } from '#core/mapping/evaluator.js';
import { titleOf } from './compiled.js';

/** The expressions of a stranger; each ends with a code. More of them: `test/jsonata-compiler/hostile`. */
const stopped: [string, string][] = [
  ['($f := function($n) { $f($n + 1) }; $f(1))', 'BUDGET_STEPS'],
  ['($f := function($n) { 1 + $f($n + 1) }; $f(1))', 'BUDGET_DEPTH'],
  ['[1..100000]', 'BUDGET_SEQUENCE'],
  ['[1..200].([1..200])', 'BUDGET_SEQUENCE'],
  ['$pad("", 20000000, "x")', 'BUDGET_STRING'],
  ['$reduce([1..40], function($a, $i) { $a & $a }, "x")', 'BUDGET_STRING'],
  ['$uppercase($reduce([1..24], function($a, $i) { $a & $a }, "x"))', 'BUDGET_STRING'],
  ['$base64encode($reduce([1..24], function($a, $i) { $a & $a }, "x"))', 'BUDGET_STRING'],
  ['$string({"a": $reduce([1..24], function($a, $i) { $a & $a }, "x")})', 'BUDGET_STRING'],
  ['$join($map([1..2000], function($i) { $pad("", 9999, "x") }))', 'BUDGET_'],
  ['$replace($pad("", 9999, "a"), "a", $pad("", 9999, "b"))', 'BUDGET_STRING'],
  ['$reduce([1..19], function($a, $i) { $a & $a }, "x")', 'BUDGET_OUTPUT'],
  ['$sum([1..9999].$sum([1..9999]))', 'BUDGET_STEPS'],
  ['$toMillis("10:00", "[H01]:[m01]")', 'REFUSED_CLOCK'],
  ['$fromMillis(0, "[Y,1000000000]")', 'BUDGET_PICTURE'],
  ['$parseInteger("1", $pad("", 5000, "0"))', 'BUDGET_PICTURE'],
  ['{"__proto__": {"polluted": 1}}', '__proto__'],
  ['{"a": {"constructor": 1}}', 'constructor'],
  ['$merge([{"prototype": 1}])', 'prototype'],
  ['$uppercase', 'function'],
  ['[$uppercase]', 'function'],
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
  '$toMillis("2020-01-01", "[f1][f1][f1]")',
];

const raw = { s: `${'a'.repeat(5000)}!`, name: 'Lovelace' };

describe('core/mapping/compiled-evaluator, hostile expressions', () => {
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

  it('ends the same way for the same record, however often it is asked', () => {
    const endless = new CompiledEvaluator().compile('($f := function($n) { $f($n + 1) }; go ? $f(1) : "done")', {});
    const outcome = (go: boolean): unknown => {
      try {
        return endless.evaluate({ go });
      } catch (error) {
        return (error as Error).message;
      }
    };
    for (let time = 0; time < 20; time++) {
      expect(outcome(true)).to.include('BUDGET_STEPS');
      expect(outcome(false)).to.equal('done');
    }
  });

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
      expect(() => new CompiledEvaluator().compile(expression, {}))
        .to.throw(ExpressionSyntaxError)
        .with.property('code', code);
    });
  }

  it('says of a pattern that is too large how to write it', () => {
    for (const pattern of ['x{1001}', '((x{100}){100}){100}']) {
      const expression = `$match(s, /${pattern}/)`;
      expect(() => new CompiledEvaluator().compile(expression, {}))
        .to.throw(ExpressionSyntaxError, 'The pattern repeats too often.')
        .that.includes({ code: 'RC_MAPPING_PATTERN', offset: expression.indexOf('/') });
    }
  });
});
