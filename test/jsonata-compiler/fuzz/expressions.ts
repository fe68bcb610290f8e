import { call, functionValue } from './calls.js';
import { KINDS, type Context, type Kind } from './context.js';
import type { Random } from './random.js';
import { render, t, type Tree } from './tree.js';

type Make = (context: Context, depth: number) => Tree;

/** An expression of (about) the kind asked for. */
export function make(kind: Kind, context: Context, depth: number): Tree {
  const { random } = context;
  const wanted = random.chance(0.07) ? random.pick(KINDS) : kind;
  const known = context.variables.filter((variable) => variable.kind === wanted || wanted === 'any');
  if (known.length > 0 && random.chance(0.25)) return `$${random.pick(known).name}`;
  if (depth <= 0 || random.chance(0.15)) return leaf(wanted, random);
  if (random.chance(0.35)) return common(wanted, context, depth - 1);
  return random.pick(makers[wanted])(context, depth - 1);
}

const LEAVES: Readonly<Record<Kind, readonly string[]>> = {
  number: ['id', 'boss.level', '1', '0', '2.5', '-3', 'nums[0]', 'orders[0].no', '10', 'orders.lines.qty[-1]'],
  string: [
    'name',
    'text',
    'boss.name',
    '"abc"',
    '"a b c"',
    '""',
    "'é😀'",
    'tags[0]',
    'when',
    'mails[0].value',
    'boss.address.city',
  ],
  boolean: ['active', 'true', 'false', 'mails[0].primary', 'mails.primary[0]'],
  array: [
    'tags',
    'nums',
    'mails',
    'orders',
    'mixed',
    'nested',
    'empty',
    'orders.lines',
    '[1,2,3]',
    '[]',
    'mails.value',
    'tags[]',
    'nums[]',
  ],
  object: ['boss', 'none', 'boss.address', 'mails[0]', 'orders[0]', '{}', '$', '$$', 'orders.lines[0]'],
  any: [
    'null',
    'nothing',
    'missing',
    '$',
    'mixed[0]',
    '*',
    'boss.*',
    '**.city',
    'nested.$',
    'mixed',
    '`name`',
    'boss."name"',
  ],
};

function leaf(kind: Kind, random: Random): Tree {
  return random.pick(LEAVES[kind]);
}

const number = (context: Context, depth: number): Tree => make('number', context, depth);
const string = (context: Context, depth: number): Tree => make('string', context, depth);
const array = (context: Context, depth: number): Tree => make('array', context, depth);
const object = (context: Context, depth: number): Tree => make('object', context, depth);
const any = (context: Context, depth: number): Tree => make('any', context, depth);
const boolean = (context: Context, depth: number): Tree => make('boolean', context, depth);

const makers: Readonly<Record<Kind, readonly Make[]>> = {
  number: [
    (c, d) => t`(${number(c, d)} ${c.random.pick(['+', '-', '*', '/', '/', '%', '%'])} ${number(c, d)})`,
    (c) => t`-${number(c, 0)}`,
    (c, d) => t`-(${number(c, d)})`,
    (c, d) => call('number', c, d),
    (c, d) => call('number', c, d),
  ],
  string: [
    (c, d) => t`(${any(c, d)} & ${string(c, d)})`,
    (c, d) => call('string', c, d),
    (c, d) => call('string', c, d),
  ],
  boolean: [
    (c, d) => t`(${number(c, d)} ${c.random.pick(['<', '<=', '>', '>='])} ${number(c, d)})`,
    (c, d) => t`(${string(c, d)} ${c.random.pick(['<', '<=', '>', '>='])} ${string(c, d)})`,
    (c, d) => t`(${any(c, d)} ${c.random.pick(['=', '!='])} ${any(c, d)})`,
    (c, d) => t`(${any(c, d)} ${c.random.pick(['and', 'or'])} ${boolean(c, d)})`,
    (c, d) => t`(${any(c, d)} in ${array(c, d)})`,
    (c, d) => call('boolean', c, d),
  ],
  array: [
    (c, d) => list(c, d),
    (c) => t`[${number(c, 0)}..${String(c.random.below(6))}]`,
    (c, d) => t`${array(c, 0)}[${predicate(c, d)}]`,
    (c, d) => t`(${array(c, d)})[${predicate(c, d)}]`,
    (c, d) => t`(${array(c, d)})[]`,
    (c, d) => t`mails^(${sortTerms(c, d)})`,
    (c, d) => t`orders.lines^(${sortTerms(c, d)})`,
    (c, d) => t`${array(c, 0)}.(${any(c, d)})`,
    (c) => t`orders.lines.[${any(c, 0)}, ${any(c, 0)}]`,
    (c) => t`orders.{"no": no, "of": ${any(c, 0)}}`,
    tuples,
    parents,
    (c, d) => call('array', c, d),
    (c, d) => call('array', c, d),
  ],
  object: [
    record,
    record,
    () => t`mails{type: value}`,
    (c) => t`orders.lines{sku: ${c.random.pick(['$sum(qty)', 'qty', '$count($)', '[price]', '$'])}}`,
    (c) => t`${array(c, 0)}{$string($type($)): $count($)}`,
    (c, d) => t`${object(c, 0)} ~> |${c.random.pick(['$', 'address', 'boss', '**', 'lines'])}|{"added": ${any(c, d)}}|`,
    (c, d) =>
      t`${object(c, 0)} ~> |$|{"name": ${string(c, d)}}, ${c.random.pick(['"name"', '["no", "level"]', 'missing', '"id"'])}|`,
    (c, d) => call('object', c, d),
  ],
  any: [
    (c, d) => make(c.random.pick(KINDS), c, d),
    (c) => t`**[$type($) = ${c.random.pick(['"string"', '"number"', '"array"'])}]`,
    (c, d) => t`boss.*[${predicate(c, d)}]`,
    (c) => t`${object(c, 0)}.*`,
    (c, d) => call('any', c, d),
  ],
};

/** Constructs that yield any kind: choices, blocks, functions written and called. */
function common(kind: Kind, context: Context, depth: number): Tree {
  const { random } = context;
  const value = (inner = context): Tree => make(kind, inner, depth);
  return random.pick<() => Tree>([
    () => t`(${make('boolean', context, depth)} ? ${value()} : ${value()})`,
    () => t`(${make('any', context, depth)} ? ${value()})`,
    () => t`(${withoutRegex(value())} ?: ${value()})`,
    () => t`(${withoutRegex(value())} ?? ${value()})`,
    () => block(kind, context, depth),
    () => lambda(kind, context, depth),
    () => t`${make('any', context, depth)} ~> ${functionValue(kind, context, depth)}`,
    () => t`(${value()})`,
    () => partial(context),
  ])();
}

/**
 * The parser copies the left side of `??` and `?:` through JSON, which turns a regular expression into `{}`: the
 * interpreter then searches for `[object Object]`, in `$match` for ever.
 */
function withoutRegex(tree: Tree): Tree {
  return render(tree).includes('/') ? 'name' : tree;
}

function block(kind: Kind, context: Context, depth: number): Tree {
  const other = context.random.pick(KINDS);
  const name = context.name();
  const inner = context.with(name, other);
  if (context.random.chance(0.15))
    return t`(${make('boolean', context, 0)} ? ($${name} := ${make(other, context, depth)}); $${name})`;
  return t`($${name} := ${make(other, context, depth)}; ${make(kind, inner, depth)})`;
}

const LOOPS: readonly string[] = [
  '($f := function($n, $acc) { $n <= 0 ? $acc : $f($n - 1, $acc + $n) }; $f(5, 0))',
  '($f := function($n) { $n <= 1 ? 1 : $n * $f($n - 1) }; $f(4))',
  '($even := function($n) { $n = 0 ? true : $odd($n - 1) }; $odd := function($n) { $n = 0 ? false : $even($n - 1) }; $even(6))',
  '($f := function($g, $v) { $g($v) }; $f(function($x) { $x & "!" }, name))',
  '($f := λ($x)<n:n> { $x + 1 }; nums.$f($))',
  '($f := function($a, $b)<s-n?:s> { $a & $string($b) }; name.$f(1))',
];

function lambda(kind: Kind, context: Context, depth: number): Tree {
  const { random } = context;
  if (random.chance(0.15)) return random.pick(LOOPS);
  const other = random.pick(KINDS);
  const name = context.name();
  const signature = random.chance(0.2)
    ? random.pick(['<x:x>', '<n:n>', '<s-:s>', '<a<n>:n>', '<(sn):x>', '<j?:j>', '<a:x>'])
    : '';
  const inner = context.with(name, other);
  return t`function($${name})${signature}{${make(kind, inner, depth)}}(${make(other, context, depth)})`;
}

function partial(context: Context): Tree {
  return context.random.pick([
    '($p := $substring(?, 0, 2); $p($string(name)))',
    '($p := $append(?, [1]); $p(nums))',
    '($p := function($x, $y) { $x & "-" & $y }(?, name); $p(text))',
    '($p := $map(?, function($v) { $string($v) }); $p([tags]))',
    '(tags ~> $join(?, "-"))',
    '($p := $power(?, 2); nums.$p($))',
    '($p := missing(?, 1); $p)',
    '($p := name(?); $p(1))',
    '($p := $pad(?, 5); $q := $p(?); $q($string(text)))',
    '($p := $lookup(?, "name"); $p($))',
  ]);
}

function list(context: Context, depth: number): Tree {
  const kind = context.random.pick(KINDS);
  const length = context.random.below(4);
  const members = Array.from({ length }, () => ({ key: '', value: make(kind, context, depth) }));
  return { open: '[', close: ']', members };
}

function record(context: Context, depth: number): Tree {
  const keys = ['a', 'b', '1', 'name', 'z'].slice(0, 1 + context.random.below(4));
  const members = keys.map((key) => ({ key: `"${key}": `, value: make(context.random.pick(KINDS), context, depth) }));
  return { open: '{', close: '}', members };
}

/** The context inside differs from the record: mostly conditions on the item itself. */
function predicate(context: Context, depth: number): Tree {
  return context.random.pick<() => Tree>([
    () => String(context.random.below(4) - 2),
    () => 'true',
    () => '$ != ""',
    () => 'type = "work"',
    () => 'qty > 1',
    () => '[0..1]',
    () => '$count($) - 1',
    () => '1.7',
    () => make('boolean', context, depth),
    () => make('number', context, 0),
  ])();
}

function sortTerms(context: Context, depth: number): Tree {
  return context.random.pick<() => Tree>([
    () => 'value',
    () => '>sku',
    () => 'price, >qty',
    () => '<type, >value',
    () => '$string(price)',
    () => t`>${make('any', context, depth)}`,
  ])();
}

function tuples(context: Context): Tree {
  return context.random.pick([
    'orders@$o.lines@$l.{"no": $o.no, "sku": $l.sku}',
    'orders@$o.lines[qty > 1].($o.no)',
    'mails#$i.($string($i) & value)',
    'orders#$i.lines#$j.[$i, $j]',
    'orders.lines#$i[$i < 2].sku',
    'orders@$o.lines@$l[$l.qty = 1].$o.no',
    'mails@$m.orders@$o[$o.no > 5].{"m": $m.type, "o": $o.no}',
    'nums#$i^(>$)[$i < 3]',
    'mails^(type)#$i.{"i": $i, "t": type}',
    'orders@$o#$i.lines.($i + qty)',
    'tags#$i[$i = 1]',
    'orders@$o.lines{$o.no & "": $sum(qty)}',
    'orders#$i{$string($i): no}',
    'nums@$n.tags@$s[$length($s) > 1].($s & $n)',
  ]);
}

function parents(context: Context): Tree {
  return context.random.pick([
    'orders.lines.{"no": %.no, "sku": sku}',
    'orders.lines[%.no > 5].sku',
    'boss.address.city.(%.%.name)',
    'orders.lines.(qty * %.no)',
    'boss.address.%.level',
    'orders.lines^(%.no).sku',
    'orders.(lines.sku.(%.%.no))',
    'orders.lines.sku.(%.price)',
    'mails.value.%.type',
  ]);
}
