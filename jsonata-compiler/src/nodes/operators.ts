import type { ArrayNode, BinaryNode, NegateNode } from '../ast.js';
import { fail, JsonataError } from '../errors.js';
import type { Evaluate } from '../frame.js';
import type { Run } from '../run.js';
import type { Scope } from '../scope.js';
import { append, deepEqual } from '../sequences.js';
import { toText } from '../text.js';
import type { Unit } from '../unit.js';
import { CONS, isArray, isNumeric, isTrue, SEQUENCE, settle, type Marked } from '../values.js';

type Operate = (left: unknown, right: unknown, run: Run) => unknown;

const arithmetic: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
};

type Comparable = string | number;

const comparisons: Readonly<Record<string, (left: Comparable, right: Comparable) => boolean>> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

const others: Readonly<Record<string, Operate>> = {
  '=': (left, right, run) => left !== undefined && right !== undefined && deepEqual(left, right, run),
  '!=': (left, right, run) => left !== undefined && right !== undefined && !deepEqual(left, right, run),
  '&': concatenate,
  '..': range,
  in: includes,
};

export function compileBinary(node: BinaryNode, scope: Scope, unit: Unit): Evaluate {
  const left = unit.compile(node.lhs, scope);
  const right = unit.compile(node.rhs, scope);
  if (node.value === 'and' || node.value === 'or') return compileLogic(node, left, right);
  const operate = operation(node.value);
  const isRange = node.value === '..';
  const keepArray = node.keepArray === true;
  const place = placeOf(node);
  return (input, frame) => {
    const l = left(input, frame);
    const r = right(input, frame);
    try {
      const result = operate(l, r, frame.run);
      return isRange ? settle(result, keepArray) : result;
    } catch (error) {
      throw stamp(error, place);
    }
  };
}

const operations = new Map<string, Operate>(Object.entries(others));
for (const [operator, calculate] of Object.entries(arithmetic))
  operations.set(operator, (left, right) => calculateWith(calculate, left, right));
for (const [operator, compare] of Object.entries(comparisons))
  operations.set(operator, (left, right) => compareWith(compare, left, right));

/** The operator as a function of two values. */
export function operation(operator: string): Operate {
  return operations.get(operator) ?? fail('S0204', { token: operator });
}

/** What an error tells of an operator: a closure keeps this, not the tree. */
export function placeOf(node: BinaryNode): OperatorPlace {
  return { value: node.value, ...(node.position === undefined ? {} : { position: node.position }) };
}

interface OperatorPlace {
  readonly position?: number;
  readonly value?: unknown;
}

/** Puts an operator's place on whatever went wrong inside of it. */
export function stamp(error: unknown, node: OperatorPlace): unknown {
  if (error instanceof JsonataError) {
    error.position = node.position;
    error.token = node.value;
  }
  return error;
}

function calculateWith(calculate: (left: number, right: number) => number, left: unknown, right: unknown): unknown {
  if (left !== undefined && !isNumeric(left)) fail('T2001');
  if (right !== undefined && !isNumeric(right)) fail('T2002');
  return left === undefined || right === undefined ? undefined : calculate(left, right);
}

function isComparable(value: unknown): value is Comparable | undefined {
  return value === undefined || typeof value === 'string' || typeof value === 'number';
}

function compareWith(
  compare: (left: Comparable, right: Comparable) => boolean,
  left: unknown,
  right: unknown,
): boolean | undefined {
  if (!isComparable(left) || !isComparable(right)) fail('T2010');
  if (left === undefined || right === undefined) return undefined;
  if (typeof left !== typeof right) fail('T2009');
  return compare(left, right);
}

function concatenate(left: unknown, right: unknown, run: Run): string {
  const l = left === undefined ? '' : toText(left, run);
  const r = right === undefined ? '' : toText(right, run);
  return run.text(l + r);
}

function includes(left: unknown, right: unknown, run: Run): boolean {
  if (left === undefined || right === undefined) return false;
  if (!isArray(right)) return right === left;
  run.spend(right.length >>> 3);
  return right.includes(left) && !Number.isNaN(left);
}

/** `a..b`: undefined where nothing lies between. */
function range(from: unknown, to: unknown, run: Run): Marked | undefined {
  if (from !== undefined && !Number.isInteger(from)) fail('T2003');
  if (to !== undefined && !Number.isInteger(to)) fail('T2004');
  if (typeof from !== 'number' || typeof to !== 'number' || from > to) return undefined;
  const size = to - from + 1;
  if (size > 1e7) fail('D2014');
  run.items(size);
  const items: Marked = new Array<unknown>(size);
  for (let index = 0; index < size; index++) items[index] = from + index;
  items[SEQUENCE] = true;
  return items;
}

function compileLogic(node: BinaryNode, left: Evaluate, right: Evaluate): Evaluate {
  const isAnd = node.value === 'and';
  const place = placeOf(node);
  return (input, frame) => {
    const first = left(input, frame);
    try {
      return isTrue(first) === isAnd ? isTrue(right(input, frame)) : !isAnd;
    } catch (error) {
      throw stamp(error, place);
    }
  };
}

export function compileNegate(node: NegateNode, scope: Scope, unit: Unit): Evaluate {
  const operand = unit.compile(node.expression, scope);
  const { position, value: token } = node;
  return (input, frame) => {
    const value = operand(input, frame);
    if (value === undefined) return undefined;
    if (!isNumeric(value)) fail('D1002', { position, token });
    return -value;
  };
}

/** `[…]`: arrays among the values are spread, but those written as arrays stay. */
export function compileArray(node: ArrayNode, scope: Scope, unit: Unit): Evaluate {
  const items = node.expressions.map((item) => ({
    evaluate: unit.compile(item, scope),
    isArray: item.type === 'unary' && item.value === '[',
  }));
  const isCons = node.consarray === true;
  return (input, frame) => {
    let made: Marked = [];
    for (const item of items) {
      const value = item.evaluate(input, frame);
      if (value === undefined) continue;
      if (item.isArray || !isArray(value)) made.push(value);
      else made = made.length === 0 ? copyOf(value, frame.run) : (append(made, value, frame.run) as Marked);
    }
    if (isCons) made[CONS] = true;
    return made;
  };
}

function copyOf(items: readonly unknown[], run: Run): Marked {
  run.items(items.length);
  return items.slice();
}
