import type { Reads } from './evaluator.js';
import { isTreeNode, type TreeNode } from './expression-tree.js';

/**
 * Root fields that an expression may read. Rather too many than too few: a column that vanished makes unknown what may
 * have read it, and a value that silently became undefined could deactivate somebody.
 */
export function readsOf(tree: TreeNode): Reads {
  const collector = new ReadsCollector();
  collector.visit(tree, true);
  return collector.all ? 'all' : collector.names;
}

/** Functions that take the context where an argument is left out, with the number of arguments that keeps them from it. */
const CONTEXT_FUNCTIONS: ReadonlyMap<string, number> = new Map([
  ['string', 1],
  ['keys', 1],
  ['lookup', 2],
  ['spread', 1],
  ['sift', 2],
  ['each', 2],
  ['boolean', 1],
  ['not', 1],
  ['clone', 1],
]);

class ReadsCollector {
  readonly names = new Set<string>();
  all = false;

  /** @param atRoot - whether the context of the node can be the record itself. */
  visit(node: unknown, atRoot: boolean): void {
    if (Array.isArray(node)) for (const item of node) this.visit(item, atRoot);
    if (isTreeNode(node)) this.#node(node, atRoot);
  }

  #node(node: TreeNode, atRoot: boolean): void {
    if (node.type === 'path') this.#path(node, atRoot);
    else if (node.type === 'function' || node.type === 'partial') this.#call(node, atRoot, 0);
    else if (node.type === 'apply' && isTreeNode(node.rhs) && node.rhs.type === 'function') {
      this.visit(node.lhs, atRoot);
      this.#call(node.rhs, atRoot, 1);
    } else {
      if (isWhole(node, atRoot)) this.all = true;
      this.#children(node, atRoot);
    }
  }

  #children(node: TreeNode, atRoot: boolean): void {
    this.#filters(node.stages, isRecord(node, atRoot));
    this.#filters(node.predicate, isRecord(node, atRoot));
    this.visit(node.group?.lhs, atRoot);
    for (const term of node.terms ?? []) this.visit(term.expression, atRoot);
    for (const [key, child] of Object.entries(node))
      if (!VISITED.has(key)) this.visit(child, atRoot && !INNER.has(key));
  }

  #path(path: TreeNode, atRoot: boolean): void {
    let isRoot = atRoot;
    for (const step of path.steps ?? []) {
      const after = this.#step(step, isRoot);
      this.#filters(step.stages, after);
      this.#filters(step.predicate, after);
      // `@$name` binds the item and leaves the context where it was.
      if (step.focus === undefined) isRoot = after;
    }
    for (const pair of path.group?.lhs ?? []) this.visit(pair, isRoot);
    if (isRoot) this.all = true;
  }

  /** Returns whether the context after the step can be the record itself. */
  #step(step: TreeNode, isRoot: boolean): boolean {
    if (step.type === 'variable') return isRecord(step, isRoot);
    if (step.type === 'sort') {
      for (const term of step.terms ?? []) this.visit(term.expression, isRoot);
      return isRoot;
    }
    if (step.type !== 'name') this.visit({ ...step, stages: undefined, predicate: undefined }, isRoot);
    else if (isRoot) this.names.add(String(step.value));
    return false;
  }

  #filters(filters: unknown, atRoot: boolean): void {
    if (!Array.isArray(filters)) return;
    for (const filter of filters) if (isTreeNode(filter)) this.visit(filter.expr, atRoot);
  }

  /** `$lookup($$, "name")` reads that one field. */
  #isLookup(node: TreeNode, atRoot: boolean): boolean {
    const [input, key] = node.arguments ?? [];
    if (functionName(node) !== 'lookup' || input === undefined || key?.type !== 'string') return false;
    if (input.type !== 'variable' || input.predicate !== undefined || !isRecord(input, atRoot)) return false;
    this.names.add(String(key.value));
    return true;
  }

  #call(node: TreeNode, atRoot: boolean, given: number): void {
    if (given === 0 && this.#isLookup(node, atRoot)) return;
    const enough = CONTEXT_FUNCTIONS.get(functionName(node) ?? '');
    if (atRoot && enough !== undefined && (node.arguments?.length ?? 0) + given < enough) this.all = true;
    this.#children(node, atRoot);
  }
}

/** Keys of a node that are visited in a context of their own. */
const VISITED = new Set(['stages', 'predicate', 'group', 'terms']);

/** Parts of a transform: their context is what it is applied to. */
const INNER = new Set(['pattern', 'update', 'delete']);

/** True for a node that looks at more of the record than one can name. */
function isWhole(node: TreeNode, atRoot: boolean): boolean {
  if (node.type === 'parent') return true;
  if (node.type === 'wildcard' || node.type === 'descendant') return atRoot;
  if (node.type === 'lambda') return node.signature?.definition?.includes('-') === true;
  return isRecord(node, atRoot);
}

function functionName(node: TreeNode): string | null {
  return node.procedure?.type === 'variable' ? String(node.procedure.value) : null;
}

/** `$$` always is the record, `$` where the context is. */
function isRecord(node: TreeNode, atRoot: boolean): boolean {
  return node.type === 'variable' && (node.value === '$' || (node.value === '' && atRoot));
}
