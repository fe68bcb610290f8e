import { childrenOf, type AstNode, type BinaryNode, type UnaryNode } from './ast.js';
import { JsonataError } from './errors.js';
import type { Evaluate } from './frame.js';
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
import { accelerate } from './source/accelerate.js';
import { Extent } from './source/extent.js';
import type { Closures } from './source/writer.js';
import type { Unit } from './unit.js';
import { settle } from './values.js';

/** How a node runs. */
export interface NodeReport {
  /** The node's type in JSONata's syntax tree. */
  readonly type: string;
  /** Where it stands, in characters of the text, as far as the parser says. */
  readonly position: number | undefined;
  /** As generated source, as a closure, or not at all: reaching it then ends the evaluation. */
  readonly runs: 'source' | 'closure' | 'refused';
  /** Why it is no source; of a refused node, the code of its error. */
  readonly why: string | undefined;
}

/** Names that no variable of an expression has: bindings and built-ins. Expressions run together share them. */
export class Names {
  readonly #names: string[] = [];
  readonly #fields: string[] = [];
  readonly #areShared: boolean;

  /** `areShared` says whether more than one expression will use them. */
  constructor(areShared = false) {
    this.#areShared = areShared;
  }

  get all(): readonly string[] {
    return this.#names;
  }

  /** The slot of a name among `run.globals`. */
  slot(name: string): number {
    const known = this.#names.indexOf(name);
    return known >= 0 ? known : this.#names.push(name) - 1;
  }

  /** How many fields of the root the expressions share. */
  get fieldCount(): number {
    return this.#fields.length;
  }

  /** The slot of a field of the root among `run.fields`; none where an expression stands alone. */
  field(name: string): number | undefined {
    if (!this.#areShared) return undefined;
    const known = this.#fields.indexOf(name);
    return known >= 0 ? known : this.#fields.push(name) - 1;
  }
}

/** One expression as closures, and what the rest of the package wants to know about it. */
export interface Program {
  readonly evaluate: Evaluate;
  /** How many variables the outermost scope has. */
  readonly slotCount: number;
  /** What is known of the text; compiled again where memory was wanted since, for it is a third of what is kept. */
  readonly known: () => Knowledge;
}

/** What a program is asked about, mostly right after it was compiled. */
export interface Knowledge {
  readonly tree: AstNode;
  /** Nodes that were considered for source, or refused. */
  readonly reports: ReadonlyMap<AstNode, NodeReport>;
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

const CHAIN = 'function($f, $g) { function($x){ $g($f($x)) } }';

/** Parses and compiles `text`; throws what is wrong with it. */
export function compileProgram(text: string, names: Names, isAccelerated: boolean): Program {
  const { evaluate, slotCount, knowledge } = build(text, names, isAccelerated);
  let known = new WeakRef(knowledge);
  const recall = (): Knowledge => {
    const again = known.deref() ?? build(text, new Names(), isAccelerated).knowledge;
    known = new WeakRef(again);
    return again;
  };
  return { evaluate, slotCount, known: recall };
}

interface Built {
  readonly evaluate: Evaluate;
  readonly slotCount: number;
  readonly knowledge: Knowledge;
}

function build(text: string, names: Names, isAccelerated: boolean): Built {
  const tree = parse(text);
  const builder = new Builder(tree, names, isAccelerated);
  try {
    return builder.build(tree);
  } catch (error) {
    if (error instanceof RangeError) throw new JsonataError('BUDGET_TEXT');
    throw error;
  }
}

/** Compiles one tree: closures for everything, source for what can be written. */
class Builder {
  #reports = new Map<AstNode, NodeReport>();
  readonly #unit: Unit;
  /** Compiles to closures only: for the values that written nodes do not handle. */
  readonly #plain: Unit;
  readonly #closures: Closures;
  readonly #extent: Extent;

  constructor(tree: AstNode, names: Names, isAccelerated: boolean) {
    this.#extent = new Extent(tree);
    const values = valueNames(tree);
    const common = {
      global: (name: string) => names.slot(name),
      refuse: (node: AstNode, code: string) => this.#reports.set(node, reportOf(node, 'refused', code)),
    };
    this.#plain = {
      ...common,
      compile: (node, scope) => compileNode(node, scope, this.#plain),
      chain: () => chainOf(this.#plain),
    };
    this.#unit = { ...common, compile: (node, scope) => this.#compile(node, scope), chain: () => chainOf(this.#plain) };
    this.#closures = {
      compile: (node, scope) => compileNode(node, scope, this.#unit),
      slow: (node, scope) => lazily(() => compileNode(node, scope, this.#plain)),
      globalOf: (name, scope) => (scope.find(name).length === 0 ? names.slot(name) : undefined),
      isValue: (name) => values.has(name),
      field: (name) => names.field(name),
    };
    if (!isAccelerated) this.#unit = this.#plain;
  }

  build(tree: AstNode): Built {
    const root = new Scope(undefined);
    for (const name of boundNames([tree])) root.declare(name);
    const evaluate = this.#unit.compile(tree, root);
    const knowledge = { tree: tree, reports: this.#reports };
    // The closures keep this builder, which must not keep what they no longer need.
    this.#reports = new Map();
    this.#extent.stop();
    return { evaluate, slotCount: root.size, knowledge };
  }

  #compile(node: AstNode, scope: Scope): Evaluate {
    const note = (part: AstNode, reason: string | undefined): void => {
      if (this.#reports.get(part)?.runs === 'refused') return;
      this.#reports.set(part, reportOf(part, reason === undefined ? 'source' : 'closure', reason));
    };
    const written = accelerate(node, scope, this.#closures, this.#extent, note);
    return written ?? compileNode(node, scope, this.#unit);
  }
}

function reportOf(node: AstNode, runs: NodeReport['runs'], why: string | undefined): NodeReport {
  return { type: node.type, position: node.position, runs, why };
}

function chainOf(unit: Unit): Evaluate {
  return lazily(() => compileNode(parse(CHAIN), new Scope(undefined), unit));
}

function lazily(make: () => Evaluate): Evaluate {
  let made: Evaluate | undefined;
  return (input, frame) => (made ??= make())(input, frame);
}

/** Names of variables that are used other than by calling them. */
function valueNames(tree: AstNode, found = new Set<string>()): Set<string> {
  for (const child of childrenOf(tree)) {
    if (child.type === 'variable' && !(tree.type === 'function' && tree.procedure === child)) found.add(child.value);
    valueNames(child, found);
  }
  return found;
}
