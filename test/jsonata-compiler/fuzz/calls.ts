import type { Context, Kind } from './context.js';
import { t, type Tree } from './tree.js';

/** Arguments of the built-ins: `n` number, `s` string, `b` boolean, `a` array, `o` object, `x` anything, else as it stands. */
type Shape = readonly string[];

const LETTERS: Readonly<Record<string, Kind>> = {
  n: 'number',
  s: 'string',
  b: 'boolean',
  a: 'array',
  o: 'object',
  x: 'any',
};

const DATE_PICTURE = '"[Y0001]-[M01]-[D01]"';

const CALLS: Readonly<Record<Kind, readonly Shape[]>> = {
  number: [
    ['sum', 'nums'],
    ['sum', 'orders.lines.price'],
    ['sum', 'a'],
    ['count', 'a'],
    ['max', 'nums'],
    ['min', 'nums'],
    ['average', 'nums'],
    ['max', 'a'],
    ['min', 'orders.lines.qty'],
    ['average', 'orders.lines.price'],
    ['length', 's'],
    ['number', 's'],
    ['number', 'b'],
    ['number', '"0x1F"'],
    ['number', '"12.5e2"'],
    ['floor', 'n'],
    ['ceil', 'n'],
    ['round', 'n'],
    ['round', 'n', '1'],
    ['round', 'n', '-1'],
    ['abs', 'n'],
    ['sqrt', 'n'],
    ['power', 'n', '2'],
    ['power', 'n', 'n'],
    ['random'],
    ['millis'],
    ['parseInteger', '"1,234"', '"#,##0"'],
    ['parseInteger', '"xiv"', '"i"'],
    ['parseInteger', 's', '"0"'],
    ['parseInteger', '"twelve"', '"w"'],
    ['toMillis', 'when'],
    ['toMillis', 'when', DATE_PICTURE],
    ['toMillis', '"07/11/2017"', '"[D]/[M]/[Y]"'],
    ['toMillis', '"2017-11-07T15:07:54"'],
    ['toMillis', '"11:30"', '"[H]:[m]"'],
    ['toMillis', 's'],
    ['reduce', 'nums', 'function($i, $j){$i + $j}'],
    ['reduce', 'nums', 'function($i, $j, $k){$i + $j * $k}', 'n'],
    ['reduce', 'a', '$append'],
    ['reduce', 'a', 'function($i){$i}'],
  ],
  string: [
    ['string', 'x'],
    ['string', 'x', 'true'],
    ['string', 'o'],
    ['substring', 's', 'n'],
    ['substring', 's', 'n', 'n'],
    ['substring', 's', '-2'],
    ['substringBefore', 's', '" "'],
    ['substringAfter', 's', '"a"'],
    ['substringBefore', 's', 's'],
    ['substringAfter', 's', 's'],
    ['lowercase', 's'],
    ['uppercase', 's'],
    ['trim', 's'],
    ['pad', 's', '8'],
    ['pad', 's', '-8', '"#"'],
    ['pad', 's', '9', '"ab"'],
    ['pad', 's', 'n', 's'],
    ['replace', 's', '"a"', '"b"'],
    ['replace', 's', '/[aeiou]/', '"*"'],
    ['replace', 's', '/(\\w)(\\w)/', '"$2$1"', '1'],
    ['replace', 's', '/a/i', 'function($m){$uppercase($m.match)}'],
    ['replace', 's', 's', 's'],
    ['replace', '"abcabc"', '/b/', '"$$0-$0"', 'n'],
    ['join', 'tags'],
    ['join', 'tags', '","'],
    ['join', 'a', 's'],
    ['formatNumber', 'n', '"#,##0.00"'],
    ['formatNumber', 'id', '"0.0e0"'],
    ['formatNumber', 'n', '"##0%"'],
    ['formatNumber', 'n', '"#0;(#0)"'],
    ['formatNumber', 'n', 's'],
    ['formatBase', 'n', '2'],
    ['formatBase', 'n', '16'],
    ['formatBase', 'n', 'n'],
    ['formatInteger', 'n', '"w"'],
    ['formatInteger', 'n', '"I"'],
    ['formatInteger', 'n', '"#,##0;o"'],
    ['formatInteger', 'id', '"A"'],
    ['base64encode', 's'],
    ['base64decode', '"aGVsbG8="'],
    ['base64decode', 's'],
    ['encodeUrlComponent', 's'],
    ['encodeUrl', 's'],
    ['decodeUrlComponent', '"%C3%A9%20a"'],
    ['decodeUrl', 's'],
    ['decodeUrlComponent', 's'],
    ['decodeUrl', '"a%20b"'],
    ['decodeUrl', '"%E0%A4%A"'],
    ['fromMillis', 'n'],
    ['fromMillis', '1510067557121'],
    ['fromMillis', '1510067557121', DATE_PICTURE],
    ['fromMillis', '1510067557121', '"[FNn], [D1o] [MNn] [Y] [h]:[m01][P]"', '"+0530"'],
    ['fromMillis', '1510067557121', '"[W]-[x]-[d] [f001] [Z]"'],
    ['now'],
    ['now', DATE_PICTURE],
    ['type', 'x'],
    ['type', 'o'],
  ],
  boolean: [
    ['contains', 's', 's'],
    ['contains', 's', '"a"'],
    ['contains', 's', '/[0-9]+/'],
    ['contains', 's', '/^\\s*\\w/'],
    ['boolean', 'x'],
    ['boolean', 'a'],
    ['not', 'x'],
    ['not', 'b'],
    ['exists', 'x'],
    ['exists', 'name'],
    ['exists', 'missing'],
  ],
  array: [
    ['match', 's', '/a(b)?/'],
    ['match', 's', '/[a-z]+/', '2'],
    ['match', 's', '/\\d/'],
    ['split', 's', '" "'],
    ['split', 's', '/[ ,;]+/'],
    ['split', 's', '""', 'n'],
    ['split', 's', 's'],
    ['append', 'a', 'a'],
    ['append', 'x', 'x'],
    ['keys', 'o'],
    ['keys', 'mails'],
    ['keys', 'x'],
    ['spread', 'o'],
    ['spread', 'mails'],
    ['reverse', 'a'],
    ['zip', 'nums', 'tags'],
    ['zip', 'a', 'a', 'a'],
    ['distinct', 'a'],
    ['distinct', 'orders.lines.sku'],
    ['sort', 'nums'],
    ['sort', 'tags'],
    ['sort', 'a'],
    ['sort', 'mails', 'function($l, $r){$l.value > $r.value}'],
    ['sort', 'nums', 'function($l, $r){$l < $r}'],
    ['shuffle', 'nums'],
    ['shuffle', 'a'],
    ['map', 'a', 'f'],
    ['map', 'nums', 'function($v, $i){$v * $i}'],
    ['map', 'tags', '$uppercase'],
    ['map', 'a', '$string'],
    ['map', 'a', 'function($v, $i, $all){$count($all)}'],
    ['filter', 'a', 'f'],
    ['filter', 'nums', 'function($v, $i){$i > 0}'],
    ['filter', 'mails', 'function($m){$m.primary}'],
    ['each', 'o', 'function($v, $k){$k}'],
    ['each', 'boss', 'function($v){$v}'],
  ],
  object: [
    ['merge', 'mails'],
    ['merge', '[boss, none]'],
    ['merge', 'a'],
    ['sift', 'o', 'function($v, $k){$k != "name"}'],
    ['sift', 'boss', 'function($v){$type($v) = "string"}'],
    ['clone', 'o'],
    ['clone', '$'],
    ['clone', 'a'],
  ],
  any: [
    ['lookup', 'o', 's'],
    ['lookup', 'boss', '"name"'],
    ['lookup', 'mails', '"value"'],
    ['lookup', 'a', '"a"'],
    ['single', 'a', 'f'],
    ['single', 'mails', 'function($m){$m.primary}'],
    ['single', 'nums', 'function($n){$n = 1}'],
    ['single', '[1]'],
    ['error'],
    ['error', '"my message"'],
    ['assert', 'b', '"not so"'],
    ['assert', 'true', 's'],
    ['assert', 'b'],
  ],
};

const ALL = Object.values(CALLS).flat();

/** A call of a built-in that should yield `kind`. */
export function call(kind: Kind, context: Context, depth: number): Tree {
  return callShape(context.random.pick(CALLS[kind]), context, depth);
}

/** A call of the built-in `wanted`. */
export function callOf(wanted: string, context: Context, depth: number): Tree {
  return callShape(context.random.pick(ALL.filter(([name]) => name === wanted)), context, depth);
}

function callShape([name = '', ...args]: Shape, context: Context, depth: number): Tree {
  const built = args.map((arg) => argument(arg, context, depth));
  if (built.length > 0 && context.random.chance(0.08))
    return t`${built[0] ?? ''} ~> $${name}(${joined(built.slice(1))})`;
  // Now and then without its arguments: the context stands in, or an error ensues.
  if (context.random.chance(0.04)) return t`${context.make('any', 0)}.$${name}(${joined(built.slice(1))})`;
  return t`$${name}(${joined(built)})`;
}

function joined(args: readonly Tree[]): Tree {
  return { parts: args.flatMap((arg, index) => (index === 0 ? [arg] : [', ', arg])) };
}

function argument(shape: string, context: Context, depth: number): Tree {
  if (shape === 'f') return functionValue('any', context, depth);
  const kind = LETTERS[shape];
  return kind === undefined ? shape : context.make(kind, depth);
}

const FUNCTIONS = [
  '$string',
  '$count',
  '$uppercase',
  '$trim',
  '$exists',
  '$type',
  '$not',
  '$number',
  '$boolean',
  '$keys',
  '$length',
  '$sum',
  '$abs',
];

/** A function as a value: built in, written, composed, applied in part. */
export function functionValue(kind: Kind, context: Context, depth: number): Tree {
  const { random } = context;
  return random.pick<() => Tree>([
    () => random.pick(FUNCTIONS),
    () => random.pick(FUNCTIONS),
    () => t`(${random.pick(FUNCTIONS)} ~> ${random.pick(FUNCTIONS)})`,
    () => {
      const name = context.name();
      return t`function($${name}){${context.with(name, 'any').make(kind, depth)}}`;
    },
    () => t`function($v, $k){${context.with('v', 'any').with('k', 'number').make(kind, depth)}}`,
    () => t`$append(?, ${context.make('any', 0)})`,
    () => '/a/',
  ])();
}
