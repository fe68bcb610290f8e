import type { Group, ObjectNode } from '../ast.js';
import { fail } from '../errors.js';
import type { Evaluate, Frame } from '../frame.js';
import type { Scope } from '../scope.js';
import { append } from '../sequences.js';
import type { Unit } from '../unit.js';
import { isArray, sequenceOf, setOwn, TUPLES, type JsonObject, type Marked, type Tuple } from '../values.js';
import { tupleFrame, tupleScope, type Refine } from './filter.js';

interface CompiledPair {
  readonly key: Evaluate;
  readonly value: Evaluate;
}

interface Entry {
  pair: number;
  items: unknown;
}

const RESERVED = new Set(['_jsonata_lambda', '_jsonata_function']);

/** `{…}` on its own: one object for the context. */
export function compileObject(node: ObjectNode, scope: Scope, unit: Unit): Evaluate {
  if (node.tuple === true) return compileGroup(node, scope, unit, true);
  // Compiled once for both: twice a level would be more than any text may cost.
  const pairs = compilePairs(node, scope, unit);
  const group = groupBy(pairs, node.position, undefined);
  const literal = literalObject(node, pairs);
  if (literal === undefined) return group;
  return (input, frame) => (isArray(input) ? group(input, frame) : literal(input, frame));
}

function compilePairs(group: Group, scope: Scope, unit: Unit): CompiledPair[] {
  return group.lhs.map(([key, value]) => ({ key: unit.compile(key, scope), value: unit.compile(value, scope) }));
}

/** Where all keys are literals and differ, and the context is no array, nothing has to be grouped. */
function literalObject(node: ObjectNode, pairs: readonly CompiledPair[]): Evaluate | undefined {
  const shape: Record<string, Evaluate> = {};
  for (const [number, [key]] of node.lhs.entries()) {
    const pair = pairs[number];
    if (pair === undefined || !isPlainString(key)) return undefined;
    if (RESERVED.has(key.value) || Object.hasOwn(shape, key.value)) return undefined;
    setOwn(shape, key.value, pair.value);
  }
  // JavaScript's own order of keys (integers first) is the order in which the interpreter evaluates.
  const members = Object.entries(shape);
  return (input, frame) => {
    const made: JsonObject = {};
    for (const [key, evaluate] of members) {
      const value = evaluate(input, frame);
      if (value !== undefined) setOwn(made, key, value);
    }
    return made;
  };
}

function isPlainString(node: Group['lhs'][number][0]): node is typeof node & { type: 'string'; value: string } {
  return (
    node.type === 'string' && typeof node.value === 'string' && node.predicate === undefined && node.group === undefined
  );
}

/** `…{key: value}`: groups the items by key. `tuples` says whether they can be a stream of tuples. */
export function compileGroup(group: Group, scope: Scope, unit: Unit, tuples: boolean): Refine {
  const inner = tuples ? tupleScope(scope, group.lhs.flat()) : undefined;
  return groupBy(compilePairs(group, inner ?? scope, unit), group.position, inner);
}

/** `inner` is the scope of a tuple, where there can be some. */
function groupBy(pairs: readonly CompiledPair[], at: number | undefined, inner: Scope | undefined): Refine {
  const frameFor = (frame: Frame, tuple: Tuple | undefined): Frame =>
    inner === undefined ? frame : tupleFrame(frame, inner, tuple);
  return (value, frame) => {
    const items: Marked = isArray(value) ? value : sequenceOf(value);
    const isStream = inner !== undefined && items[TUPLES] === true;
    // An empty array still makes one (empty or literal) object.
    const contexts = items.length === 0 && !isStream ? [undefined] : items;
    const groups = collect(contexts, pairs, at, frame, (item) =>
      isStream ? [(item as Tuple)['@'], frameFor(frame, item as Tuple)] : [item, frameFor(frame, undefined)],
    );
    const made: JsonObject = {};
    for (const [key, entry] of Object.entries(groups)) {
      const [context, inside] = isStream
        ? reduceTuples(entry.items, frame, frameFor)
        : [entry.items, frameFor(frame, undefined)];
      const member = pairs[entry.pair]?.value(context, inside);
      if (member !== undefined) setOwn(made, key, member);
    }
    return made;
  };
}

function collect(
  items: readonly unknown[],
  pairs: readonly CompiledPair[],
  at: number | undefined,
  frame: Frame,
  open: (item: unknown) => [unknown, Frame],
): Record<string, Entry> {
  const groups: Record<string, Entry> = {};
  for (const item of items) {
    const [context, inside] = open(item);
    for (const [number, pair] of pairs.entries()) {
      frame.run.step();
      const key = pair.key(context, inside);
      if (key === undefined) continue;
      if (typeof key !== 'string') fail('T1003', { position: at });
      if (RESERVED.has(key)) fail('D1013', { position: at });
      addTo(groups, key, number, item, at, frame);
    }
  }
  return groups;
}

function addTo(
  groups: Record<string, Entry>,
  key: string,
  pair: number,
  item: unknown,
  at: number | undefined,
  frame: Frame,
): void {
  const entry = Object.hasOwn(groups, key) ? groups[key] : undefined;
  if (entry === undefined) {
    setOwn(groups, key, { pair, items: item });
    return;
  }
  if (entry.pair !== pair) fail('D1009', { position: at });
  entry.items = append(entry.items, item, frame.run);
}

/** Merges the tuples of one group: each variable becomes the array of its values. */
function reduceTuples(items: unknown, frame: Frame, frameFor: (frame: Frame, tuple: Tuple) => Frame): [unknown, Frame] {
  const [first, ...others] = isArray(items) ? items : [items];
  const merged = Object.assign(Object.create(null) as Tuple, first);
  for (const tuple of others) {
    for (const [name, value] of Object.entries(tuple as Tuple)) merged[name] = append(merged[name], value, frame.run);
  }
  const context = merged['@'];
  delete merged['@'];
  return [context, frameFor(frame, merged)];
}
