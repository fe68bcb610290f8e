import type { BindNode, BlockNode, ConditionNode } from '../ast.js';
import { Frame, unsetSlots, type Evaluate } from '../frame.js';
import { boundNames, Scope } from '../scope.js';
import type { Unit } from '../unit.js';
import { isTrue, settle } from '../values.js';

export function compileCondition(node: ConditionNode, scope: Scope, unit: Unit): Evaluate {
  const condition = unit.compile(node.condition, scope);
  const then = unit.compile(node.then, scope);
  const otherwise = node.else === undefined ? undefined : unit.compile(node.else, scope);
  const choose: Evaluate = (input, frame) => {
    if (isTrue(condition(input, frame))) return then(input, frame);
    return otherwise === undefined ? undefined : otherwise(input, frame);
  };
  return keeping(choose, node.keepArray);
}

/** Every node around a value applies the rule for sequences once more: a sequence of one in a sequence of one. */
function keeping(evaluate: Evaluate, keepArray: boolean | undefined): Evaluate {
  return (input, frame) => settle(evaluate(input, frame), keepArray === true);
}

/** `( … ; … )`: the last value; variables set inside are gone behind it. */
export function compileBlock(node: BlockNode, scope: Scope, unit: Unit): Evaluate {
  const names = boundNames(node.expressions);
  const inner = names.size === 0 ? undefined : new Scope(scope);
  for (const name of names) inner?.declare(name);
  const parts = node.expressions.map((part) => unit.compile(part, inner ?? scope));
  const [only] = parts;
  if (inner === undefined)
    return keeping(parts.length === 1 && only !== undefined ? only : inTurn(parts), node.keepArray);
  const count = inner.size;
  const run = inTurn(parts);
  return keeping((input, frame) => run(input, new Frame(frame.run, frame, unsetSlots(count))), node.keepArray);
}

function inTurn(parts: readonly Evaluate[]): Evaluate {
  return (input, frame) => {
    let result: unknown;
    for (const part of parts) result = part(input, frame);
    return result;
  };
}

export function compileBind(node: BindNode, scope: Scope, unit: Unit): Evaluate {
  const value = unit.compile(node.rhs, scope);
  const slot = scope.declare(node.lhs.value);
  const bind: Evaluate = (input, frame) => (frame.slots[slot] = value(input, frame));
  return keeping(bind, node.keepArray);
}
