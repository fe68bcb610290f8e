/** JSONata's syntax tree as its parser gives it; the names are the parser's. */
interface Common {
  readonly position?: number;
  readonly predicate?: readonly Stage[];
  readonly stages?: readonly Stage[];
  readonly group?: Group;
  readonly keepArray?: boolean;
  readonly consarray?: boolean;
  /** The node feeds a stream of tuples. */
  readonly tuple?: boolean;
  readonly focus?: string;
  readonly index?: string;
  readonly ancestor?: Slot;
}

export interface Slot {
  readonly label: string;
}

export type Pair = readonly [AstNode, AstNode];

export interface Group {
  readonly lhs: readonly Pair[];
  readonly position?: number;
}

export type Stage =
  | { readonly type: 'filter'; readonly expr: AstNode; readonly position?: number }
  | { readonly type: 'index'; readonly value: string; readonly position?: number };

export interface SortTerm {
  readonly descending: boolean;
  readonly expression: AstNode;
}

/** A parsed `<…>` behind a function's parameters. */
export interface ParsedSignature {
  readonly definition: string;
}

interface Node<T extends string> extends Common {
  readonly type: T;
}

export interface PathNode extends Node<'path'> {
  readonly steps: readonly [AstNode, ...AstNode[]];
  readonly keepSingletonArray?: boolean;
}
export interface BinaryNode extends Node<'binary'> {
  readonly value: string;
  readonly lhs: AstNode;
  readonly rhs: AstNode;
}
export interface NegateNode extends Node<'unary'> {
  readonly value: '-';
  readonly expression: AstNode;
}
export interface ArrayNode extends Node<'unary'> {
  readonly value: '[';
  readonly expressions: readonly AstNode[];
}
export interface ObjectNode extends Node<'unary'> {
  readonly value: '{';
  readonly lhs: readonly Pair[];
}
export interface NameNode extends Node<'name'> {
  readonly value: string;
}
export interface LiteralNode extends Node<'string' | 'number' | 'value'> {
  readonly value: string | number | boolean | null;
}
export interface ParentNode extends Node<'parent'> {
  readonly slot: Slot;
}
export interface ConditionNode extends Node<'condition'> {
  readonly condition: AstNode;
  readonly then: AstNode;
  readonly else?: AstNode;
}
export interface BlockNode extends Node<'block'> {
  readonly expressions: readonly AstNode[];
}
export interface BindNode extends Node<'bind'> {
  readonly lhs: VariableNode;
  readonly rhs: AstNode;
}
export interface RegexNode extends Node<'regex'> {
  readonly value: RegExp;
}
export interface VariableNode extends Node<'variable'> {
  readonly value: string;
}
export interface CallNode extends Node<'function'> {
  readonly procedure: AstNode;
  readonly arguments: readonly AstNode[];
}
export interface PartialNode extends Node<'partial'> {
  readonly procedure: AstNode;
  readonly arguments: readonly AstNode[];
}
export interface LambdaNode extends Node<'lambda'> {
  readonly arguments: readonly VariableNode[];
  readonly signature?: ParsedSignature;
  readonly body: AstNode;
  readonly thunk?: boolean;
}
export interface ApplyNode extends Node<'apply'> {
  readonly lhs: AstNode;
  readonly rhs: AstNode;
}
export interface TransformNode extends Node<'transform'> {
  readonly pattern: AstNode;
  readonly update: AstNode;
  readonly delete?: AstNode;
}
export interface SortNode extends Node<'sort'> {
  readonly terms: readonly SortTerm[];
}

export type UnaryNode = NegateNode | ArrayNode | ObjectNode;

export type AstNode =
  | PathNode
  | BinaryNode
  | UnaryNode
  | NameNode
  | LiteralNode
  | Node<'wildcard'>
  | Node<'descendant'>
  | ParentNode
  | ConditionNode
  | BlockNode
  | BindNode
  | RegexNode
  | VariableNode
  | CallNode
  | PartialNode
  | LambdaNode
  | ApplyNode
  | TransformNode
  | SortNode
  | (Node<'operator'> & { readonly value: string });

/** Every node right below `node`, stages, groups and sort terms included. */
export function childrenOf(node: AstNode): AstNode[] {
  const found: AstNode[] = [];
  for (const value of Object.values(node) as unknown[]) collect(value, found);
  return found;
}

/** The tree level by level, the root first: without recursion. */
export function levelsOf(tree: AstNode): AstNode[][] {
  const levels: AstNode[][] = [];
  for (let level = [tree]; level.length > 0; level = level.flatMap(childrenOf)) levels.push(level);
  return levels;
}

function collect(value: unknown, found: AstNode[]): void {
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return;
  if (Array.isArray(value)) {
    for (const item of value) collect(item, found);
  } else if (isNode(value)) {
    found.push(value);
  } else {
    for (const part of Object.values(value) as unknown[]) collect(part, found);
  }
}

/** Stages (`filter`, `index`), groups and slots are no nodes: what is inside them counts. */
function isNode(value: object): value is AstNode {
  const type = (value as { type?: unknown }).type;
  return typeof type === 'string' && type !== 'filter' && type !== 'index';
}
