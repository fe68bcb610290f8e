import type { AstNode } from '../ast.js';

/** Operators whose value is true or false, or nothing. */
const LOGICAL = new Set(['=', '!=', '<', '<=', '>', '>=', 'and', 'or', 'in']);

/** Says whether a node can never yield a number: then a predicate needs no look at indexes. */
export function isNeverNumber(node: AstNode): boolean {
  if (node.predicate !== undefined || node.group !== undefined) return false;
  return node.type === 'binary' && LOGICAL.has(node.value);
}

/** A written value as a condition; logical operators yield true, false or nothing. */
export function condition(node: AstNode, value: string): string {
  if (isNeverNumber(node)) return `${value} === true`;
  return `(typeof ${value} === 'boolean' ? ${value} : typeof ${value} === 'string' ? ${value} !== '' : h.isTrue(${value}))`;
}

/** Says whether a node can end an evaluation by nothing but a budget: then nobody has to stamp its errors. */
export function isQuiet(node: AstNode): boolean {
  if (node.predicate !== undefined || node.group !== undefined) return false;
  if (node.type !== 'binary') return isSimple(node);
  if (node.value !== '=' && node.value !== '!=' && node.value !== 'and' && node.value !== 'or') return false;
  return isQuiet(node.lhs) && isQuiet(node.rhs);
}

/**
 * Says whether a node can neither err nor yield anything true for a missing context. Equalities with nothing on one
 * side are false; `!=` too.
 */
export function isCalm(node: AstNode): boolean {
  if (node.predicate !== undefined || node.group !== undefined) return false;
  if (node.type === 'binary') return isCalmBinary(node.value, node.lhs, node.rhs);
  return isNames(node);
}

function isCalmBinary(operator: string, left: AstNode, right: AstNode): boolean {
  if (operator === 'and' || operator === 'or') return isCalm(left) && isCalm(right);
  if (operator !== '=' && operator !== '!=') return false;
  return (isNames(left) && isSimple(right)) || (isNames(right) && isSimple(left));
}

function isSimple(node: AstNode): boolean {
  return isNames(node) || node.type === 'string' || node.type === 'number' || node.type === 'value';
}

/** A path of names only. */
function isNames(node: AstNode): boolean {
  if (node.type !== 'path' || node.group !== undefined || node.tuple === true) return false;
  return node.steps.every(
    (step) => step.type === 'name' && step.stages === undefined && step.predicate === undefined && step.tuple !== true,
  );
}
