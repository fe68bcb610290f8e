import type { AstNode } from '../ast.js';
import type { Evaluate } from '../frame.js';
import { boundNames, type Scope } from '../scope.js';
import { isHung } from '../values.js';
import { WORTH, type Extent } from './extent.js';
import { support } from './support.js';
import { writeArray, writeBinary, writeCondition, writeObject } from './write-operators.js';
import { writeCall } from './write-call.js';
import { writePredicate } from './write-filter.js';
import { writePath } from './write-path.js';
import { INPUT, literal, Writer, type Closures, type Place } from './writer.js';

/** Why a node stays a closure. */
export type Note = (node: AstNode, reason: string | undefined) => void;

/** Learned once: the platform forbids the generation of code. */
let isForbidden = false;

/**
 * Writes `node` as source; undefined where it is refused, or where nothing (more) may be generated. A form is refused
 * before anything in it is written: each node is written once, or never.
 */
export function accelerate(
  node: AstNode,
  scope: Scope,
  closures: Closures,
  extent: Extent,
  note: Note,
): Evaluate | undefined {
  if (isForbidden || !WORTH.has(node.type) || !extent.mayWrite(node)) return undefined;
  const isRoot = extent.isRoot(node);
  const writer = new Writer(closures, isRoot);
  const notes: [AstNode, string | undefined][] = [];
  const inner = (part: AstNode, place: Place): string => {
    const written = writeNode(part, place, writer, inner);
    notes.push([part, written === undefined ? refusalOf(part) : undefined]);
    return written ?? writer.closure(part, place);
  };
  try {
    const result = writeNode(node, { context: INPUT, scope }, writer, inner);
    if (result === undefined) return undefined;
    const generated = generate(writer, result, extent);
    if (generated !== undefined)
      for (const [part, reason] of [...notes, [node, undefined] as const]) note(part, reason);
    return generated;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // Too deep for the writer or for the engine's parser: closures are less greedy. All that is inside would be as deep.
    extent.stop();
    return undefined;
  }
}

function refusalOf(node: AstNode): string {
  if (isHung(node)) return 'a predicate or a grouping hangs on it';
  return WORTH.has(node.type) ? 'this form is not written' : `${node.type} is never written`;
}

function writeNode(
  node: AstNode,
  place: Place,
  writer: Writer,
  write: (node: AstNode, place: Place) => string,
): string | undefined {
  if (node.tuple === true || (node.group !== undefined && node.type !== 'path')) return undefined;
  if (node.predicate !== undefined) return writePredicates(node, place, writer, write);
  return writeBare(node, place, writer, write);
}

/** The node without what hangs on it. */
function writeBare(
  node: AstNode,
  place: Place,
  writer: Writer,
  write: (node: AstNode, place: Place) => string,
): string | undefined {
  switch (node.type) {
    case 'string':
    case 'number':
    case 'value':
      return literalOf(node.value);
    case 'path':
      return writePath(node, place, writer, write);
    case 'binary':
      return writeBinary(node, place, writer, write);
    case 'condition':
      return writeCondition(node, place, writer, write);
    case 'function':
      return writeCall(node, place, writer, write);
    default:
      return writeOther(node, place, writer, write);
  }
}

/** A call with predicates: `$split(path, "/")[-1]`. */
function writePredicates(
  node: AstNode,
  place: Place,
  writer: Writer,
  write: (node: AstNode, place: Place) => string,
): string | undefined {
  if (node.type !== 'function' || node.keepArray === true) return undefined;
  if (node.predicate?.some((stage) => stage.type !== 'filter') === true) return undefined;
  let value = writeCall(node, place, writer, write);
  for (const stage of node.predicate ?? []) {
    if (value === undefined || stage.type !== 'filter') return undefined;
    value = writePredicate(stage.expr, value, place, writer, write);
  }
  return value === undefined ? undefined : writer.let(`h.settle(${value})`);
}

function writeOther(
  node: AstNode,
  place: Place,
  writer: Writer,
  write: (node: AstNode, place: Place) => string,
): string | undefined {
  if (node.type === 'variable' && node.value === '' && node.keepArray !== true) {
    return writer.let(`Array.isArray(${place.context}) ? ${writer.redo(node, place)} : ${place.context}`);
  }
  if (node.type === 'block') return writeBlock(node, place, writer, write);
  if (node.type !== 'unary') return undefined;
  if (node.value === '{') return writeObject(node, place, writer, write);
  return node.value === '[' ? writeArray(node, place, writer, write) : undefined;
}

/** Parentheses around one expression; a block with variables needs a frame and stays a closure. */
function writeBlock(
  node: Extract<AstNode, { type: 'block' }>,
  place: Place,
  writer: Writer,
  write: (node: AstNode, place: Place) => string,
): string | undefined {
  const [only] = node.expressions;
  if (only === undefined || node.expressions.length > 1 || node.keepArray === true || only.type === 'bind')
    return undefined;
  return boundNames([only]).size > 0 ? undefined : writer.let(`h.settle(${write(only, place)})`);
}

function literalOf(value: string | number | boolean | null): string {
  return typeof value === 'number' ? `(${literal(value)})` : literal(value);
}

type Factory = (k: readonly unknown[], h: typeof support) => Evaluate;

function generate(writer: Writer, result: string, extent: Extent): Evaluate | undefined {
  const source = writer.source(result);
  if (!extent.spend(source.length)) return undefined;
  try {
    // Nothing of the mapping's text is in the source but JSON literals; see `literal`.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    const factory = new Function('k', 'h', source) as Factory;
    return factory(writer.constants, support);
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    isForbidden = true;
    return undefined;
  }
}
