import { expect } from 'chai';
import { CompiledEvaluator } from '#core/mapping/compiled-evaluator.js';

const cases: [string, string[] | 'all'][] = [
  ['status', ['status']],
  ['`hire date`', ['hire date']],
  ['"text"', []],
  ['$lookup($statuses, status) != "terminated"', ['status']],
  ['work_email = "" ? null : [{"value": work_email, "type": "work"}]', ['work_email']],
  ['a.b.c', ['a']],
  ['a.(b & $$.c)', ['a', 'c']],
  ['a[x = 1].b', ['a']],
  ['a[x = $$.y].b', ['a', 'y']],
  ['$.a & $$.b', ['a', 'b']],
  ['($r := a; $r.b)', ['a']],
  ['($r := $$; $r.b)', 'all'],
  ['$[a = 1].b', 'all'],
  ['$map(a, function($v) { $v.x & y })', ['a', 'y']],
  ['a.{"name": $, "of": b}', ['a']],
  ['a{b: $sum(c)}', ['a']],
  ['a^(>b)', ['a']],
  ['$sort(a, function($l, $r) { $l.x > $r.x })', ['a']],
  ['a@$e.b[id = $e.of]', ['a', 'b']],
  ['a@$e[b = $e.of].c', ['a', 'b', 'c']],
  ['a#$i.b', ['a']],
  ['a ~> $string() ~> $uppercase()', ['a']],
  ['a ~> |b|{"c": 1}|', ['a', 'b']],
  ['$string()', 'all'],
  ['$keys($)', 'all'],
  ['$each($$, function($v, $k) { $k })', 'all'],
  ['*', 'all'],
  ['**.mail', 'all'],
  ['a.*', ['a']],
  ['a.%.b', 'all'],
  ['$lookup($$, "first name")', ['first name']],
  ['$lookup($$, key)', 'all'],
  ['$lookup("a")', 'all'],
  ['$$', 'all'],
  ['$', 'all'],
  ['a.$', ['a']],
  ['$exists(a) and b in c', ['a', 'b', 'c']],
  ['a ?: b ?? c', ['a', 'b', 'c']],
  ['function($x)<s-:s>{ $x }(a)', 'all'],
];

describe('core/mapping/expression-reads', () => {
  for (const [expression, expected] of cases) {
    it(`${expression} reads ${expected === 'all' ? 'the whole record' : expected.join(', ') || 'nothing'}`, () => {
      const { reads } = new CompiledEvaluator().compile(expression, { statuses: {} });
      expect(reads === 'all' ? reads : [...reads].sort()).to.deep.equal(expected);
    });
  }
});
