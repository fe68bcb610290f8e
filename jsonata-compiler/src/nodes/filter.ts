import type { AstNode, Stage } from '../ast.js';
import { fail } from '../errors.js';
import { Frame, unsetSlots, type Evaluate } from '../frame.js';
import { boundNames, Scope } from '../scope.js';
import type { Unit } from '../unit.js';
import {
  isArray,
  isArrayOfNumbers,
  isNumeric,
  isTrue,
  newSequence,
  sequenceOf,
  TUPLES,
  type Marked,
  type Tuple,
} from '../values.js';

/** Narrows a value down: a predicate, an index, or the numbering of a tuple stream. */
export type Refine = (value: unknown, frame: Frame) => unknown;

/** A scope for code that may run once for each tuple of a stream. */
export function tupleScope(scope: Scope, nodes: readonly AstNode[]): Scope {
  const inner = new Scope(scope, true);
  for (const name of boundNames(nodes)) inner.declare(name);
  return inner;
}

/** The frame of such a scope; without a tuple it only stands between. */
export function tupleFrame(frame: Frame, scope: Scope, tuple: Tuple | undefined): Frame {
  return new Frame(frame.run, frame, unsetSlots(scope.size), tuple);
}

/** Says whether an index of JSONata means `index` of an array of `length` items. */
export function hits(wanted: number, index: number, length: number): boolean {
  const floor = Math.floor(wanted);
  return (floor < 0 ? length + floor : floor) === index;
}

/** `tuples` says whether the value can be a stream of tuples: its predicates then see the variables of each. */
export function compilePredicate(expr: AstNode, scope: Scope, unit: Unit, tuples: boolean): Refine {
  if (expr.type === 'number') return atIndex(Number(expr.value));
  if (!tuples) return keepWhere(unit.compile(expr, scope));
  const inner = tupleScope(scope, [expr]);
  return keepTuplesWhere(unit.compile(expr, inner), inner);
}

function atIndex(wanted: number): Refine {
  const floor = Math.floor(wanted);
  return (value) => {
    const results = newSequence();
    const items = isArray(value) ? value : [value];
    if (isArray(value) && value[TUPLES] === true) results[TUPLES] = true;
    const item = items[floor < 0 ? items.length + floor : floor];
    if (isArray(item)) return item;
    if (item !== undefined) results.push(item);
    return results;
  };
}

function keepWhere(test: Evaluate): Refine {
  return (value, frame) => {
    const results = newSequence();
    const items = isArray(value) ? value : sequenceOf(value);
    for (let index = 0; index < items.length; index++) {
      frame.run.step();
      const item = items[index];
      keepItem(test(item, frame), item, index, items.length, results);
    }
    return results;
  };
}

function keepTuplesWhere(test: Evaluate, inner: Scope): Refine {
  return (value, frame) => {
    const results = newSequence();
    const items: Marked = isArray(value) ? value : sequenceOf(value);
    const isStream = items[TUPLES] === true;
    if (isStream) results[TUPLES] = true;
    for (let index = 0; index < items.length; index++) {
      frame.run.step();
      const item = items[index];
      const tuple = isStream ? (item as Tuple) : undefined;
      const context = tuple === undefined ? item : tuple['@'];
      keepItem(test(context, tupleFrame(frame, inner, tuple)), item, index, items.length, results);
    }
    return results;
  };
}

function keepItem(result: unknown, item: unknown, index: number, length: number, results: unknown[]): void {
  if (typeof result === 'boolean') {
    if (result) results.push(item);
  } else if (isNumeric(result)) {
    if (hits(result, index, length)) results.push(item);
  } else if (isArrayOfNumbers(result)) {
    for (const wanted of result) if (hits(wanted, index, length)) results.push(item);
  } else if (isTrue(result)) {
    results.push(item);
  }
}

/** The stages of a step: predicates, and numberings where the step is part of a tuple stream. */
export function compileStages(
  stages: readonly Stage[] | undefined,
  scope: Scope,
  unit: Unit,
  tuples: boolean,
): Refine[] {
  return (stages ?? []).map((stage) =>
    stage.type === 'filter' ? compilePredicate(stage.expr, scope, unit, tuples) : numberTuples(stage.value),
  );
}

function numberTuples(name: string): Refine {
  return (value, frame) => {
    if (!isArray(value)) return value;
    for (const [index, tuple] of value.entries()) {
      frame.run.step();
      (tuple as Tuple)[name] = index;
    }
    return value;
  };
}

export function refineAll(refines: readonly Refine[], value: unknown, frame: Frame): unknown {
  let result = value;
  for (const refine of refines) result = refine(result, frame);
  return result;
}

/** Guards every array that a loop has filled. */
export function checkLength(array: readonly unknown[], frame: Frame): void {
  if (array.length > frame.run.maxSequence) fail('BUDGET_SEQUENCE');
}
