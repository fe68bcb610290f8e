import type { JsonObject } from '@rollcall/connector-kit';
import { compile } from '@rollcall/jsonata-compiler';
import { expect } from 'chai';
import { CompiledEvaluator } from '#core/mapping/compiled-evaluator.js';
import { InterpretedEvaluator } from '../../support/interpreter.js';
import { mappingOf, titleOf } from './compiled.js';

const evaluator = new CompiledEvaluator();

function valueOf(expression: string, raw: JsonObject = {}, tables = {}): unknown {
  return evaluator.compile(expression, tables).evaluate(raw);
}

describe('core/mapping/compiled-evaluator', () => {
  describe('gives plain JSON', () => {
    const cases: [string, JsonObject, unknown][] = [
      ['name', { name: 'Ada' }, 'Ada'],
      ['name', {}, undefined],
      ['name', { name: null }, null],
      ['list', { list: [] }, []],
      ['list', { list: ['a'] }, ['a']],
      ['list[]', { list: ['a'] }, ['a']],
      ['list.x', { list: [{ x: 1 }, { x: 2 }] }, [1, 2]],
      ['list.x', { list: [{ x: 1 }] }, 1],
      ['$split(groups, "|")', { groups: 'vpn' }, ['vpn']],
      ['[{"value": mail}]', { mail: 'a@b' }, [{ value: 'a@b' }]],
      ['$map(list, $uppercase)', { list: ['a', 'b'] }, ['A', 'B']],
      ['$filter(list, function($v) { $v != "a" })', { list: ['a', 'b', 'c'] }, ['b', 'c']],
      ['$substring(?, 1)("abc")', {}, 'bc'],
      ['list ~> $map($uppercase) ~> $join("-")', { list: ['a', 'b'] }, 'A-B'],
      ['$replace(phone, /[^0-9+]/, "")', { phone: '+49 (30) 1' }, '+49301'],
      ['$split("a1b22c", /[0-9]+/)', {}, ['a', 'b', 'c']],
      ['$match("ab12", /([a-z]+)([0-9]+)/).groups', {}, ['ab', '12']],
      ['$contains("ABC", /b/i)', {}, true],
      ['$pad("7", -3, "0")', {}, '007'],
      ['$fromMillis($toMillis("06.03.2026", "[D01].[M01].[Y0001]"), "[Y0001]-[M01]-[D01]")', {}, '2026-03-06'],
    ];
    for (const [expression, raw, expected] of cases) {
      it(`for ${expression} of ${JSON.stringify(raw)}`, async () => {
        const value = valueOf(expression, raw);
        expect(value).to.deep.equal(expected);
        if (Array.isArray(value)) expect(Object.keys(value), 'no marks of the engine').to.have.length(value.length);
        const interpreted = await new InterpretedEvaluator().compile(expression, {}).evaluate(raw);
        expect(value, 'as the interpreter does').to.deep.equal(interpreted);
      });
    }
  });

  it('reads a plain field without the engine, and gives what the engine gives', () => {
    const raw = { name: 'x', list: [[1], 'a'], none: null, deep: { a: [1] }, yes: true, 'a b': 'y', 'a b ': 'z' };
    for (const field of ['name', 'list', 'none', 'deep', 'yes', '`a b`', 'toString', 'missing']) {
      const plain = evaluator.compile(field, {});
      expect(plain.field, field).to.be.a('string');
      const through = evaluator.compile(`(${field})`, {});
      expect(through.field).to.equal(null);
      expect(plain.evaluate(raw), field).to.deep.equal(through.evaluate(raw));
    }
  });

  it('compiles a text once, whatever mapping it stands in, and keeps no giant', () => {
    const compiledTexts: string[] = [];
    const counting = new CompiledEvaluator((text) => {
      compiledTexts.push(text);
      return compile(text);
    });
    const giant = `"${'x'.repeat(5_000)}"`;
    const values = [{ A: 'a' }, { A: 'b' }].map((t) => counting.compile('$lookup($t, s)', { t }).evaluate({ s: 'A' }));
    expect(values).to.deep.equal(['a', 'b']);
    for (let time = 0; time < 2; time++) counting.compile(giant, {});
    expect(compiledTexts).to.deep.equal(['$lookup($t, s)', giant, giant]);
  });

  it('leaves the record as it was', () => {
    const raw = { list: ['a'] };
    valueOf('list[]', raw);
    expect(Object.keys(raw.list)).to.deep.equal(['0']);
    expect(valueOf('(list)', raw)).to.deep.equal(['a']);
  });

  it('reads an instant without a zone as UTC, not in the zone of the machine', () => {
    expect(valueOf('$toMillis("2026-03-09T08:00:00")')).to.equal(Date.parse('2026-03-09T08:00:00Z'));
    expect(valueOf('$toMillis("2026-03-09T08:00:00+01:00")')).to.equal(Date.parse('2026-03-09T07:00:00Z'));
    expect(valueOf('$toMillis("2026-03-09")')).to.equal(Date.parse('2026-03-09T00:00:00Z'));
  });

  describe('tables', () => {
    const tables = '{ statuses: { Active: active, "": none } }';

    it('give what is listed, the empty text too', async () => {
      expect(await titleOf('$lookup($statuses, s)', { s: 'Active' }, tables)).to.deep.equal({ value: 'active' });
      expect(await titleOf('($t := $statuses; $lookup($t, s))', { s: '' }, tables)).to.deep.equal({ value: 'none' });
      expect(await titleOf('$statuses ~> $lookup(s)', { s: 'Active' }, tables)).to.deep.equal({ value: 'active' });
    });

    for (const raw of [{ s: 'Probation' }, { s: 'active' }, { s: 'toString' }, { s: '__proto__' }, {}]) {
      it(`fail for ${JSON.stringify(raw)}, also where the expression would go on`, async () => {
        for (const expression of [
          '$lookup($statuses, s)',
          '$lookup($statuses, s) != "x"',
          '$lookup($statuses, $lookup($$, "s"))',
        ]) {
          const claim = await titleOf(expression, raw, tables);
          expect(claim).to.have.nested.property('error.code', 'RC_MAPPING_TABLE_MISS');
        }
      });
    }

    it('are no reason to fail on other objects: there an absent key is no value', async () => {
      expect(await titleOf('$lookup(o, "b")', { o: { a: 1 } }, tables)).to.equal(undefined);
      expect(await titleOf('$lookup(o, "toString")', { o: {} }, tables)).to.equal(undefined);
      expect(await titleOf('$lookup(o, "constructor")', { o: {} }, tables)).to.equal(undefined);
      expect(await titleOf('$lookup(o, "a")', { o: { a: 'x' } }, tables)).to.deep.equal({ value: 'x' });
    });
  });

  it('tells why an expression failed with a code of JSONata and no value of the record', async () => {
    const raw = { secret: 'Lovelace', n: 5 };
    for (const [expression, code] of [
      ['$uppercase(n)', 'T0410'],
      ['secret + 1', 'T2001'],
      ['$number(secret)', 'D3030'],
      ['n.$lowercase()', 'T0411'],
      ['secret()', 'T1006'],
      ['$error(secret)', '$error'],
      ['$assert(n = 1, secret)', '$assert'],
      ['$toMillis(secret)', 'D3110'],
    ] as const) {
      const claim = await titleOf(expression, raw);
      expect(claim, expression).to.have.nested.property('error.code', 'RC_MAPPING_EXPRESSION');
      expect(claim, expression).to.have.nested.property('error.message').that.includes(code);
      expect(JSON.stringify(claim), expression).not.to.include('Lovelace');
    }
  });

  it('names the line of the attribute in a failure', async () => {
    const claim = mappingOf({ nickName: 'a', title: '$uppercase(5)' }).attributes.get('title');
    expect(claim?.line).to.equal(6);
    expect(await titleOf('$uppercase(5)', {})).to.have.nested.property('error.line', 5);
  });
});
