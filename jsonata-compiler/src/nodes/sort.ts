import type { SortNode } from '../ast.js';
import { fail } from '../errors.js';
import type { Evaluate, Frame } from '../frame.js';
import { mergeSort } from '../merge-sort.js';
import type { Scope } from '../scope.js';
import type { Unit } from '../unit.js';
import { TUPLES, type Marked, type Tuple } from '../values.js';
import { tupleFrame, tupleScope } from './filter.js';

export type Sort = (items: Marked, frame: Frame) => readonly unknown[];

interface Term {
  readonly evaluate: Evaluate;
  readonly isDescending: boolean;
}

/** `^(…)`: stable, by several terms. */
export function compileSort(node: SortNode, scope: Scope, unit: Unit, tuples: boolean): Sort {
  const inner = tuples
    ? tupleScope(
        scope,
        node.terms.map((term) => term.expression),
      )
    : undefined;
  const terms = node.terms.map((term) => ({
    evaluate: unit.compile(term.expression, inner ?? scope),
    isDescending: term.descending,
  }));
  return (items, frame) => {
    const isStream = items[TUPLES] === true;
    const evaluate = (term: Term, item: unknown): unknown => {
      if (inner === undefined) return term.evaluate(item, frame);
      const tuple = isStream ? (item as Tuple) : undefined;
      return term.evaluate(tuple === undefined ? item : tuple['@'], tupleFrame(frame, inner, tuple));
    };
    return mergeSort(items, frame.run, (left, right) => {
      for (const term of terms) {
        const order = compare(evaluate(term, left), evaluate(term, right), node.position);
        // What is missing comes last in both directions.
        if (order.result !== 0) return (term.isDescending && !order.isFixed ? -order.result : order.result) === 1;
      }
      return false;
    });
  };
}

interface Order {
  readonly result: number;
  readonly isFixed: boolean;
}

function compare(left: unknown, right: unknown, position: number | undefined): Order {
  if (left === undefined) return { result: right === undefined ? 0 : 1, isFixed: true };
  if (right === undefined) return { result: -1, isFixed: true };
  if (!isComparable(left) || !isComparable(right)) fail('T2008', { position });
  if (typeof left !== typeof right) fail('T2007', { position });
  if (left === right) return { result: 0, isFixed: false };
  return { result: left < right ? -1 : 1, isFixed: false };
}

function isComparable(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
