import type { AstNode, CallNode } from '../ast.js';
import { builtins } from '../builtins/table.js';
import { isHung, settler } from '../values.js';
import type { Site } from './support.js';
import type { Place, Write, Writer } from './writer.js';

/** Longer strings go the long way, which pays for them. */
const SHORT = 256;

const text = (name: string | undefined): string => `typeof ${name} === 'string' && ${name}.length <= ${SHORT}`;
const isFinite = (name: string | undefined): string => `typeof ${name} === 'number' && ${name} - ${name} === 0`;

interface Inline {
  /** When the written form holds. */
  readonly when: string;
  readonly value: string;
}

/** The built-ins that are worth writing, for arguments of the usual types. */
const inlines: Readonly<Record<string, (args: readonly string[]) => Inline | undefined>> = {
  lowercase: ([s]) => ({ when: text(s), value: `${s}.toLowerCase()` }),
  uppercase: ([s]) => ({ when: text(s), value: `${s}.toUpperCase()` }),
  trim: ([s]) => ({ when: text(s), value: `h.trim(${s})` }),
  substringBefore: ([s, mark]) => ({
    when: `${text(s)} && typeof ${mark} === 'string'`,
    value: `h.cut(${s}, ${mark}, true)`,
  }),
  substringAfter: ([s, mark]) => ({
    when: `${text(s)} && typeof ${mark} === 'string'`,
    value: `h.cut(${s}, ${mark}, false)`,
  }),
  substring: ([s, start, length]) => ({
    when: `${text(s)} && typeof ${start} === 'number'${length === undefined ? '' : ` && typeof ${length} === 'number'`}`,
    value: `h.substring(${s}, ${start}, ${length ?? 'undefined'})`,
  }),
  contains: ([s, part]) => ({ when: `${text(s)} && typeof ${part} === 'string'`, value: `${s}.includes(${part})` }),
  replace: (args) =>
    args.length === 3
      ? { when: args.map(text).join(' && ') + ` && ${args[1]} !== ''`, value: `h.replace(${args.join(', ')}, run)` }
      : undefined,
  split: (args) =>
    args.length === 2 ? { when: args.map(text).join(' && '), value: `h.split(${args.join(', ')}, run)` } : undefined,
  string: (args) => (args.length === 1 ? { when: `typeof ${args[0]} === 'string'`, value: args[0] ?? '' } : undefined),
  number: ([s]) => ({ when: `typeof ${s} === 'string' && ${s}.length <= 15 && h.isDigits(${s})`, value: `+${s}` }),
  floor: ([n]) => ({ when: isFinite(n), value: `Math.floor(${n})` }),
  ceil: ([n]) => ({ when: isFinite(n), value: `Math.ceil(${n})` }),
  abs: ([n]) => ({ when: isFinite(n), value: `Math.abs(${n})` }),
  not: ([x]) => ({ when: `${x} === true || ${x} === false`, value: `!${x}` }),
  boolean: ([x]) => ({ when: `${x} === true || ${x} === false`, value: x ?? '' }),
  exists: ([x]) => ({ when: 'true', value: `${x} !== undefined` }),
  lookup: ([record, key]) => ({
    when: `typeof ${key} === 'string' && typeof ${record} === 'object' && ${record} !== null && !Array.isArray(${record})`,
    value: `own(${record}, ${key})`,
  }),
  join: (args) => ({
    when: `Array.isArray(${args[0]}) && h.areShort(${args[0]})${args.length === 2 ? ` && ${text(args[1])}` : ''}`,
    value: `h.join(${args[0]}, ${args[1] ?? '""'})`,
  }),
  append: ([left, right]) => ({ when: 'true', value: `h.append(${left}, ${right}, run)` }),
};

/** Where nothing as the first argument gives nothing. */
const QUIET = new Set([
  'lowercase', 'uppercase', 'trim', 'substringBefore', 'substringAfter', 'substring', 'replace', 'split', 'string',
  'number', 'floor', 'ceil', 'abs', 'not', 'boolean', 'join', 'contains',
]); // prettier-ignore

/** Writes calls of built-ins; which function a name means is asked at run time, since bindings may override it. */
export function writeCall(node: CallNode, place: Place, writer: Writer, write: Write): string | undefined {
  const site = siteOf(node, place, writer);
  if (site === undefined) return undefined;
  const args = node.arguments.map((arg) => write(arg, place));
  const name = String(site.token);
  const inFull = `h.call(${writer.constant(site)}, [${args.join(', ')}], ${place.context}, run)`;
  const inline = canInline(name, args, writer) ? inlines[name]?.(args) : undefined;
  if (inline === undefined) return writer.let(inFull);
  const isOurs = `run.globals[${site.global}] === ${writer.constant(builtins.get(name))}`;
  // Only these can hand on what is a sequence.
  const canBeSequence = name === 'append' || name === 'lookup';
  const isSettled = isHung(node) || !canBeSequence;
  const settled = isSettled ? inline.value : `h.settle(${inline.value}, ${node.keepArray === true})`;
  const quiet = QUIET.has(name) ? `${args[0] ?? ''} === undefined && ${required(name, args)} ? undefined : ` : '';
  return writer.let(`${isOurs} ? (${quiet}${inline.when} ? ${settled} : ${inFull}) : ${inFull}`);
}

/** The other arguments must fit the signature even then. */
function required(name: string, args: readonly string[]): string {
  const kinds = name === 'substring' ? ['number', 'number'] : ['string', 'string'];
  return ['true', ...args.slice(1).map((arg, index) => `typeof ${arg} === '${kinds[index] ?? 'string'}'`)].join(' && ');
}

const COUNTS: Readonly<Record<string, readonly number[]>> = {
  substringBefore: [2], substringAfter: [2], substring: [2, 3], contains: [2], lookup: [2], join: [1, 2], append: [2],
  replace: [3], split: [2],
}; // prettier-ignore

function canInline(name: string, args: readonly string[], writer: Writer): boolean {
  return (COUNTS[name] ?? [1]).includes(args.length) && !writer.closures.isValue(name);
}

function siteOf(node: CallNode, place: Place, writer: Writer): Site | undefined {
  if (!isPlainVariable(node.procedure) || !builtins.has(node.procedure.value)) return undefined;
  const global = writer.closures.globalOf(node.procedure.value, place.scope);
  if (global === undefined) return undefined;
  return { global, token: node.procedure.value, position: node.position, finish: settler(node) };
}

function isPlainVariable(node: AstNode): node is AstNode & { type: 'variable'; value: string } {
  return node.type === 'variable' && node.predicate === undefined && node.group === undefined;
}
