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
    if (!isTreeNode(node)) return;
    switch (node.type) {
      case 'path':
        this.#path(node, atRoot);
        return;
      case 'variable':
        if (isRecord(node, atRoot)) this.all = true;
        break;
      case 'wildcard':
      case 'descendant':
        if (atRoot) this.all = true;
        break;
      case 'parent':
        this.all = true;
        break;
      case 'function':
      case 'partial':
        if (this.#isLookup(node, atRoot)) return;
        this.#call(node, atRoot, 0);
        break;
      case 'apply':
        if (isTreeNode(node.rhs) && node.rhs.type === 'function') this.#call(node.rhs, atRoot, 1);
        break;
      case 'lambda':
        if (node.signature?.definition?.includes('-') === true) this.all = true;
        break;
    }
    this.#children(node, atRoot);
  }

  #children(node: TreeNode, atRoot: boolean): void {
    for (const [key, child] of Object.entries(node)) {
      if (key === 'stages' || key === 'predicate') this.#filters(child, isRecord(node, atRoot));
      else if (key === 'group') this.visit((child as TreeNode['group'])?.lhs, atRoot);
      else if (key === 'terms') for (const term of node.terms ?? []) this.visit(term.expression, atRoot);
      else if (!(node.type === 'lambda' && key === 'arguments')) this.visit(child, atRoot);
    }
  }

  #path(path: TreeNode, atRoot: boolean): void {
    let isRoot = atRoot;
    for (const step of path.steps ?? []) {
      const before = isRoot;
      if (step.type === 'name') {
        if (isRoot) this.names.add(String(step.value));
        isRoot = false;
      } else if (step.type === 'variable') isRoot = isRecord(step, isRoot);
      else if (step.type === 'sort') this.#children(step, isRoot);
      else {
        this.visit({ ...step, stages: undefined, predicate: undefined }, isRoot);
        isRoot = false;
      }
      this.#filters(step.stages, isRoot);
      this.#filters(step.predicate, isRoot);
      if (step.focus !== undefined) isRoot = before;
    }
    for (const pair of path.group?.lhs ?? []) this.visit(pair, isRoot);
    if (isRoot) this.all = true;
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
    const enough = CONTEXT_FUNCTIONS.get(functionName(node) ?? '');
    if (atRoot && enough !== undefined && (node.arguments?.length ?? 0) + given < enough) this.all = true;
  }
}

function functionName(node: TreeNode): string | null {
  return node.procedure?.type === 'variable' ? String(node.procedure.value) : null;
}

/** `$$` always is the record, `$` where the context is. */
function isRecord(node: TreeNode, atRoot: boolean): boolean {
  return node.type === 'variable' && (node.value === '$' || (node.value === '' && atRoot));
}
