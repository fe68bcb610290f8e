import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { compile } from '#jsonata-compiler/compile.js';
import type { Reads } from '#jsonata-compiler/reads.js';

function reads(text: string): Reads | string[] {
  const found = compile(text).reads;
  return found === 'all' ? 'all' : [...found].sort();
}

describe('jsonata-compiler/variables', () => {
  it('are those that come from outside, with the place of their first use', () => {
    const text = '($x := 1; $map(a, function($v, $i) { $v & $x & $y & $$.b@$f.c#$n[$n = $f] & $y }))';
    const { variables } = compile(text);
    expect([...variables.keys()].sort()).to.deep.equal(['map', 'y']);
    const end = variables.get('y') ?? 0;
    expect(text.slice(end - 2, end)).to.equal('$y');
  });
});

describe('jsonata-compiler/field', () => {
  for (const [text, field] of [
    ['name', 'name'],
    ['`a b`', 'a b'],
    ['(name)', undefined],
    ['name[]', undefined],
    ['name[0]', undefined],
    ['a.b', undefined],
    ['$.name', undefined],
    ['name{a: b}', undefined],
    ['"name"', undefined],
  ] as const) {
    it(`is ${field ?? 'none'} in ${text}`, () => {
      expect(compile(text).field).to.equal(field);
    });
  }
});

describe('jsonata-compiler/reads', () => {
  const fields: Record<string, string[]> = {
    'a.b.c': ['a'],
    'a & $uppercase(b)': ['a', 'b'],
    'a[b = 1].c': ['a'],
    '$.a': ['a'],
    '$$.a.b': ['a'],
    'list.(x & $$.suffix)': ['list', 'suffix'],
    '{"k": a, "l": b ? c : d}': ['a', 'b', 'c', 'd'],
    '$map(list, function($v){ $v & name })': ['list', 'name'],
    '($x := a; $x.b)': ['a'],
    'a ~> $trim()': ['a'],
    'list^(>size){kind: $count($)}': ['list'],
    'a@$x.b[c = $x.d]': ['a', 'b'],
    'a@$x[b = $x.c].d': ['a', 'b', 'd'],
    'a#$i.b': ['a'],
    '$lookup($, "x")': ['x'],
    '$lookup($$, "y") & z': ['y', 'z'],
    '`odd name`': ['odd name'],
    '"text"': [],
    'a ?? b': ['a', 'b'],
    '[a, b][0]': ['a', 'b'],
    'list.$substring(0, 2)': ['list'],
    '$substring(a, 1)': ['a'],
    'items.$': ['items'],
  };
  for (const [text, expected] of Object.entries(fields)) {
    it(`finds ${expected.join(', ') || 'nothing'} in ${text}`, () => {
      expect(reads(text)).to.deep.equal(expected);
    });
  }

  const unknown = [
    '$',
    '$$',
    '*',
    '**.x',
    '$keys($)',
    '$string()',
    '$uppercase()',
    '$lookup($, k)',
    '$ ~> |a|{"b": 1}|',
    'a.b.%',
    '$[0].a',
    '($x := $; $x.a)',
    '$each(function($v){$v})',
    '($f := function($s)<s-:s>{$s}; $f())',
    '$host()',
  ];
  for (const text of unknown) {
    it(`cannot know what ${text} reads`, () => {
      expect(reads(text)).to.equal('all');
    });
  }
});

describe('jsonata-compiler/compile: explain', () => {
  const runs = (text: string): string[] =>
    compile(text)
      .explain()
      .map((report) => `${report.type} ${report.runs}`);

  it('says what became source', () => {
    expect(runs('$uppercase(a.b) & "x"')[0]).to.equal('binary source');
    expect(runs('a[b = 1].c')).to.not.include('path closure');
  });

  it('says what stays a closure, and why', () => {
    const reports = compile('a & $map(b, function($v){$v})').explain();
    const lambda = reports.find(({ type }) => type === 'lambda');
    expect(lambda).to.include({ runs: 'closure', why: 'lambda is never written' });
    expect(
      compile('a & b', { accelerate: false })
        .explain()
        .every((report) => report.runs === 'closure'),
    ).to.equal(true);
  });

  it('says what is refused, and by which code it ends', () => {
    const reports = compile('$match(a, /(?=x)/)').explain();
    expect(reports.find(({ type }) => type === 'regex')).to.include({
      runs: 'refused',
      why: 'REFUSED_REGEX',
      position: 17,
    });
  });

  for (const pattern of ['x{1001}', '((x{100}){100}){100}', '(a|b{3}){999}']) {
    it(`tells ${pattern}, which is too large, from what cannot be written`, () => {
      const text = `$match(a, /${pattern}/i)`;
      const end = text.length - 1;
      const report = compile(text)
        .explain()
        .find(({ type }) => type === 'regex');
      expect(report).to.include({ runs: 'refused', why: 'REFUSED_REPEAT', position: end });
    });
  }

  it('says the same when memory was wanted in between', async () => {
    const expression = compile('a & $match(b.c, /(?=x)/) & $uppercase(d)');
    const asked = (): unknown => [expression.explain(), expression.reads, [...expression.variables]];
    const before = asked();
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    expect(asked()).to.deep.equal(before);
  });
});
