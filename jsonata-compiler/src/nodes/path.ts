import type { AstNode, PathNode } from '../ast.js';
import type { Evaluate, Frame } from '../frame.js';
import type { Scope } from '../scope.js';
import { lookUp, pushAll } from '../sequences.js';
import type { Unit } from '../unit.js';
import {
  CONS,
  isArray,
  isRecord,
  isSequence,
  KEEP,
  newSequence,
  own,
  sequenceOf,
  SEQUENCE,
  settle,
  type Marked,
} from '../values.js';
import { checkLength, compileStages, refineAll, type Refine } from './filter.js';
import { compileGroup } from './group.js';
import { compileSort } from './sort.js';
import { compileTuplePath } from './tuple-path.js';

/** One step: from a sequence to the next. */
export type Step = (items: readonly unknown[], frame: Frame) => unknown;

export function compilePath(node: PathNode, scope: Scope, unit: Unit): Evaluate {
  const keepArray = node.keepArray === true;
  if (node.steps.some((step) => step.tuple === true))
    return compileTuplePath(node, scope, unit, { compileStep, noStep, walkSteps });
  const names = plainNames(node);
  const keeps = node.keepSingletonArray === true;
  if (names !== undefined) return walkNames(names, keeps, keepArray);
  const [first] = node.steps;
  const isAbsolute = first.type === 'variable';
  const whole = first.consarray === true ? unit.compile(first, scope) : undefined;
  const steps = node.steps.map((step, index) =>
    index === 0 && whole !== undefined ? noStep : compileStep(step, scope, unit, index === node.steps.length - 1),
  );
  const group = node.group === undefined ? undefined : compileGroup(node.group, scope, unit, false);
  const walk = walkSteps(steps, whole, isAbsolute);
  return (input, frame) => {
    const found = walk(input, frame);
    const result = keeps ? keepSingle(found) : found;
    return settle(group === undefined ? result : group(result, frame), keepArray);
  };
}

/** Stands where `whole` is evaluated instead: compiled a second time there, arrays in arrays would cost 2ⁿ. */
export function noStep(): undefined {
  return undefined;
}

/** From one step to the next until nothing is left; `whole` is an array constructor in front. */
export function walkSteps(steps: readonly Step[], whole: Evaluate | undefined, isAbsolute: boolean): Evaluate {
  return (input, frame) => {
    let result: unknown = isArray(input) && !isAbsolute ? input : sequenceOf(input);
    for (let index = 0; index < steps.length; index++) {
      const items = result as readonly unknown[];
      result = index === 0 && whole !== undefined ? whole(items, frame) : steps[index]?.(items, frame);
      if (result === undefined || (result as { length?: number }).length === 0) break;
    }
    return result;
  };
}

/** `[]` behind a path: what is a sequence stays an array. */
export function keepSingle(result: unknown): unknown {
  if (!isArray(result)) return result;
  const kept = result[CONS] === true && result[SEQUENCE] !== true ? sequenceOf(result) : result;
  // Only our own sequences carry marks: an array of the caller is never touched.
  if (kept[SEQUENCE] === true) kept[KEEP] = true;
  return kept;
}

export function compileStep(step: AstNode, scope: Scope, unit: Unit, isLast: boolean): Step {
  if (step.type === 'sort') return sortStep(step, scope, unit);
  const evaluate = unit.compile(step, scope);
  const stages = compileStages(step.stages, scope, unit, false);
  return (items, frame) => {
    const results: unknown[] = [];
    for (const item of items) {
      frame.run.step();
      const found = evaluate(item, frame);
      const refined = stages.length === 0 ? found : refineAll(stages, found, frame);
      if (refined !== undefined) results.push(refined);
    }
    return flattenStep(results, isLast, frame);
  };
}

function sortStep(step: Extract<AstNode, { type: 'sort' }>, scope: Scope, unit: Unit): Step {
  const sort = compileSort(step, scope, unit, false);
  const stages: Refine[] = compileStages(step.stages, scope, unit, false);
  return (items, frame) => refineAll(stages, sort(items as Marked, frame), frame);
}

/** Arrays among the results are spread, but the only value of the last step stays as it is. */
export function flattenStep(results: readonly unknown[], isLast: boolean, frame: Frame): unknown[] {
  const [only] = results;
  if (isLast && results.length === 1 && isArray(only) && !isSequence(only)) return only;
  const flat = newSequence();
  for (const result of results) {
    if (isArray(result) && result[CONS] !== true) pushAll(flat, result, frame.run);
    else flat.push(result);
  }
  checkLength(flat, frame);
  return flat;
}

/** The names of a path that has nothing but names, from the context or from `$`. */
function plainNames(node: PathNode): string[] | undefined {
  if (node.group !== undefined) return undefined;
  const names: string[] = [];
  for (const step of node.steps) {
    if (step.type !== 'name' || hasExtras(step)) return undefined;
    names.push(step.value);
  }
  // A copy has no room to grow, which would be most of what a short path keeps.
  return names.slice();
}

/** Says whether something hangs on a step that changes what it yields. */
export function hasExtras(step: AstNode): boolean {
  return step.stages !== undefined || step.predicate !== undefined || step.group !== undefined;
}

/** The common path: as long as every value is a record no sequence is made. */
function walkNames(names: readonly string[], keeps: boolean, keepArray: boolean): Evaluate {
  const last = names.length - 1;
  return (input, frame) => {
    let value = input;
    for (let index = 0; index <= last; index++) {
      if (isArray(value)) return settle(finish(walkItems(names, index, value, frame), keeps), keepArray);
      if (!isRecord(value)) return undefined;
      value = own(value, names[index] ?? '');
    }
    if (value === undefined) return undefined;
    // A sequence stored in a record (by this expression) follows the long way's rules.
    if (isArray(value)) return isSequence(value) ? settle(finish(spread(value), keeps), keepArray) : value;
    return keeps ? settle(keepSingle(sequenceOf(value))) : value;
  };
}

function finish(result: unknown, keeps: boolean): unknown {
  return keeps ? keepSingle(result) : result;
}

function spread(value: Marked): Marked {
  const flat = newSequence();
  for (const item of value) flat.push(item);
  return flat;
}

function walkItems(names: readonly string[], from: number, items: readonly unknown[], frame: Frame): unknown[] {
  let sequence: unknown[] = items as unknown[];
  for (let index = from; index < names.length; index++) {
    const name = names[index] ?? '';
    const results: unknown[] = [];
    for (const item of sequence) {
      frame.run.step();
      const found = isArray(item)
        ? settle(lookUp(item, name, frame.run))
        : isRecord(item)
          ? own(item, name)
          : undefined;
      if (found !== undefined) results.push(found);
    }
    sequence = flattenStep(results, index === names.length - 1, frame);
    if (sequence.length === 0) break;
  }
  return sequence;
}
