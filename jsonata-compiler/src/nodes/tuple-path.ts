import type { AstNode, PathNode } from '../ast.js';
import { fail } from '../errors.js';
import type { Evaluate, Frame } from '../frame.js';
import type { Scope } from '../scope.js';
import type { Unit } from '../unit.js';
import { isArray, newSequence, sequenceOf, settle, TUPLES, type Marked, type Tuple } from '../values.js';
import { checkLength, compileStages, refineAll, tupleFrame, tupleScope } from './filter.js';
import { compileGroup } from './group.js';
import type { Step } from './path.js';
import { compileSort } from './sort.js';

type TupleStep = (items: Marked, tuples: Marked | undefined, frame: Frame) => Marked;

/** What a path of tuples takes from paths without: handed in, since those hand over to it. */
interface Paths {
  readonly compileStep: (step: AstNode, scope: Scope, unit: Unit, isLast: boolean) => Step;
  readonly noStep: Step;
  readonly walkSteps: (steps: readonly Step[], whole: Evaluate | undefined, isAbsolute: boolean) => Evaluate;
}

/** A path with `@`, `#` or `%`: from the first such step on it carries tuples of variables, the context under `@`. */
export function compileTuplePath(node: PathNode, scope: Scope, unit: Unit, paths: Paths): Evaluate {
  const [first] = node.steps;
  // An array constructor in front is evaluated once, for the whole context: it carries no tuples.
  const isWhole = first.consarray === true;
  const start = Math.max(
    node.steps.findIndex((step) => step.tuple === true),
    isWhole ? 1 : 0,
  );
  const isAbsolute = first.type === 'variable';
  const keepArray = node.keepArray === true;
  const plain = node.steps
    .slice(0, start)
    .map((step, index) => (isWhole && index === 0 ? paths.noStep : paths.compileStep(step, scope, unit, false)));
  const tupleSteps = node.steps.slice(start).map((step) => compileTupleStep(step, scope, unit));
  const whole = isWhole ? unit.compile(first, scope) : undefined;
  const group = node.group === undefined ? undefined : compileGroup(node.group, scope, unit, true);
  const runPlain = paths.walkSteps(plain, whole, isAbsolute);
  return (input, frame) => {
    const items = runPlain(input, frame);
    if (items === undefined || (isArray(items) && items.length === 0 && plain.length > 0)) {
      return settle(group === undefined ? items : group(items, frame), keepArray);
    }
    const stream = runTuples(tupleSteps, asArray(items), frame);
    if (group !== undefined) return group(stream, frame);
    if (node.tuple === true) return settle(stream, keepArray);
    const values = newSequence();
    for (const tuple of stream) values.push((tuple as Tuple)['@']);
    return settle(values, keepArray || node.keepSingletonArray === true);
  };
}

function asArray(value: unknown): Marked {
  return isArray(value) ? value : sequenceOf(value);
}

function runTuples(steps: readonly TupleStep[], items: Marked, frame: Frame): Marked {
  let tuples: Marked | undefined;
  for (const step of steps) tuples = step(items, tuples, frame);
  return tuples ?? fail('S0217');
}

function compileTupleStep(step: AstNode, scope: Scope, unit: Unit): TupleStep {
  if (step.type === 'sort') return compileTupleSort(step, scope, unit);
  const inner = tupleScope(scope, [step]);
  const evaluate = unit.compile(step, inner);
  const stages = compileStages(step.stages, scope, unit, true);
  return (items, tuples, frame) => {
    const results = newSequence();
    results[TUPLES] = true;
    for (const tuple of tuples ?? Array.from(items, contextTuple)) {
      const from = tuple as Tuple;
      frame.run.step();
      const found = evaluate(from['@'], tupleFrame(frame, inner, from));
      if (found !== undefined) extend(step, from, asArray(found), results, frame);
    }
    checkLength(results, frame);
    return asArray(refineAll(stages, results, frame));
  };
}

function contextTuple(item: unknown): Tuple {
  const tuple = Object.create(null) as Tuple;
  tuple['@'] = item;
  return tuple;
}

/** One output tuple for each value that the step found for one input tuple. */
function extend(step: AstNode, from: Tuple, found: Marked, results: unknown[], frame: Frame): void {
  const isStream = found[TUPLES] === true;
  for (const [index, value] of found.entries()) {
    frame.run.spend(2);
    const tuple = Object.assign(Object.create(null) as Tuple, from);
    if (isStream) Object.assign(tuple, value);
    else bindTuple(step, tuple, from, value, index);
    results.push(tuple);
  }
}

function bindTuple(step: AstNode, tuple: Tuple, from: Tuple, value: unknown, index: number): void {
  tuple[step.focus ?? '@'] = value;
  if (step.focus !== undefined) tuple['@'] = from['@'];
  if (step.index !== undefined) tuple[step.index] = index;
  if (step.ancestor !== undefined) tuple[step.ancestor.label] = from['@'];
}

function compileTupleSort(step: Extract<AstNode, { type: 'sort' }>, scope: Scope, unit: Unit): TupleStep {
  const sort = compileSort(step, scope, unit, true);
  const stages = compileStages(step.stages, scope, unit, true);
  const number = (sorted: readonly unknown[], frame: Frame): Marked => {
    const results = newSequence();
    results[TUPLES] = true;
    for (const [index, item] of sorted.entries()) {
      frame.run.step();
      const tuple = contextTuple(item);
      if (step.index !== undefined) tuple[step.index] = index;
      results.push(tuple);
    }
    return results;
  };
  return (items, tuples, frame) => {
    const sorted = sort(tuples ?? items, frame);
    return asArray(refineAll(stages, tuples === undefined ? number(sorted, frame) : sorted, frame));
  };
}
