import type { RegexNode } from '../ast.js';
import { fail, isJsonataError } from '../errors.js';
import type { Evaluate } from '../frame.js';
import { compileRegex, RegexFunction, type CompiledRegex } from '../regex/regex-function.js';
import type { Unit } from '../unit.js';

/** `/…/`: translated when the expression is compiled; refused when it is reached, so that the rest can still be used. */
export function compileRegexNode(node: RegexNode, unit: Unit): Evaluate {
  let regex: CompiledRegex;
  try {
    regex = compileRegex(node.value, node.position);
  } catch (error) {
    if (!isJsonataError(error)) throw error;
    unit.refuse(node, error.code);
    return () => fail(error.code, { position: node.position });
  }
  return () => new RegexFunction(regex);
}
