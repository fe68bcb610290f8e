import type { AstNode, BinaryNode, UnaryNode } from './ast.js';
import { JsonataError } from './errors.js';
import type { Evaluate, Frame } from './frame.js';
import { compileApply, compileCall, compileLambda, compilePartial } from './nodes/calls.js';
import { compileBind, compileBlock, compileCondition } from './nodes/control.js';
import { compilePredicate } from './nodes/filter.js';
import { compileGroup, compileObject } from './nodes/group.js';
import {
  compileDescendant,
  compileLiteral,
  compileName,
  compileOperator,
  compileParent,
  compileVariable,
  compileWildcard,
} from './nodes/literals.js';
import { compileArray, compileBinary, compileNegate } from './nodes/operators.js';
import { compilePath } from './nodes/path.js';
import { compileRegexNode } from './nodes/regex.js';
import { compileTransform } from './nodes/transform.js';
import { parse } from './parse.js';
import { boundNames, Scope } from './scope.js';
import type { Unit } from './unit.js';
import { settle } from './values.js';

/** Why a node will not run. */
export interface Refusal {
  readonly type: string;
  readonly position: number | undefined;
  readonly code: string;
}

/** One expression as closures, and what the rest of the package wants to know about it. */
export interface Program {
  readonly evaluate: Evaluate;
  /** How many variables the outermost scope has. */
  readonly slotCount: number;
  /** Free names, in the order of `run.globals`. */
  readonly globals: readonly string[];
  readonly refusals: readonly Refusal[];
}

type Compile<T extends AstNode> = (node: T, scope: Scope, unit: Unit) => Evaluate;

type Compilers = { readonly [T in AstNode['type']]: Compile<Extract<AstNode, { type: T }>> };

const compilers: Compilers = {
  path: compilePath,
  binary: (node: BinaryNode, scope, unit) => compileBinary(node, scope, unit),
  unary: compileUnary,
  name: compileName,
  string: compileLiteral,
  number: compileLiteral,
  value: compileLiteral,
  wildcard: compileWildcard,
  descendant: compileDescendant,
  parent: compileParent,
  condition: compileCondition,
  block: compileBlock,
  bind: compileBind,
  regex: (node, _scope, unit) => compileRegexNode(node, unit),
  variable: compileVariable,
  function: compileCall,
  partial: compilePartial,
  lambda: compileLambda,
  apply: compileApply,
  transform: compileTransform,
  sort: compileOperator,
  operator: compileOperator,
};

function compileUnary(node: UnaryNode, scope: Scope, unit: Unit): Evaluate {
  if (node.value === '-') return compileNegate(node, scope, unit);
  return node.value === '[' ? compileArray(node, scope, unit) : compileObject(node, scope, unit);
}

/** A node with the predicates and the grouping that hang on it. */
function compileNode(node: AstNode, scope: Scope, unit: Unit): Evaluate {
  const compile = compilers[node.type] as Compile<AstNode> | undefined;
  if (compile === undefined) throw new JsonataError('S0206', { position: node.position, token: node.type });
  const bare = compile(node, scope, unit);
  const tuples = node.tuple === true;
  const refines = (node.predicate ?? []).map((stage) =>
    stage.type === 'filter' ? compilePredicate(stage.expr, scope, unit, tuples) : (value: unknown): unknown => value,
  );
  if (node.group !== undefined && node.type !== 'path') refines.push(compileGroup(node.group, scope, unit, tuples));
  if (refines.length === 0) return bare;
  const keepArray = node.keepArray === true;
  return (input, frame) => {
    let result = bare(input, frame);
    for (const refine of refines) result = refine(result, frame);
    return settle(result, keepArray);
  };
}

/** Parses and compiles `text`; throws what is wrong with it. */
export function compileProgram(text: string): Program {
  const tree = parse(text);
  return compileTree(tree);
}

const CHAIN = 'function($f, $g) { function($x){ $g($f($x)) } }';

/** Compiles a tree; `accelerate` may replace what a node compiles to. */
export function compileTree(tree: AstNode): Program {
  const globals: string[] = [];
  const refusals: Refusal[] = [];
  const unit: Unit = {
    compile: (node, scope) => compileNode(node, scope, unit),
    global: (name) => {
      const known = globals.indexOf(name);
      return known >= 0 ? known : globals.push(name) - 1;
    },
    chain: () => {
      let chain: Evaluate | undefined;
      return (input, frame) => (chain ??= compileNode(parse(CHAIN), new Scope(undefined), unit))(input, frame);
    },
    refuse: (node, code) => {
      refusals.push({ type: node.type, position: node.position, code });
    },
  };
  const root = new Scope(undefined);
  for (const name of boundNames([tree])) root.declare(name);
  try {
    const evaluate = compileNode(tree, root, unit);
    return { evaluate, slotCount: root.size, globals, refusals };
  } catch (error) {
    if (error instanceof RangeError) throw new JsonataError('BUDGET_TEXT');
    throw error;
  }
}

export type { Frame };
