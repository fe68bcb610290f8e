import { childrenOf, type AstNode, type CallNode, type PathNode, type VariableNode } from './ast.js';
import { builtins } from './builtins/table.js';
import type { Signature } from './signature.js';

/** The fields at the root of the input that an expression can read; `all` where the text does not tell. */
export type Reads = ReadonlySet<string> | 'all';

/**
 * Follows the context through the tree: only where it is the root does a name read one of the root's fields. Whatever
 * uses the root as a whole (`$` as a value, `*`, `**`, `%`, a call that leaves an argument to the context) reads all.
 */
export function readsOf(tree: AstNode): Reads {
  const reader = new Reader();
  reader.visit(tree, true);
  return reader.reads;
}

/** The field's name where the tree is nothing but a field. */
export function fieldOf(tree: AstNode): string | undefined {
  if (tree.type !== 'path' || tree.steps.length > 1 || isRefined(tree)) return undefined;
  const [step] = tree.steps;
  return step.type === 'name' && !isRefined(step) ? step.value : undefined;
}

const REFINEMENTS: readonly (keyof PathNode)[] = [
  'stages',
  'predicate',
  'focus',
  'index',
  'group',
  'keepArray',
  'keepSingletonArray',
];

function isRefined(node: AstNode): boolean {
  return REFINEMENTS.some((part) => part in node && (node as Partial<PathNode>)[part] !== undefined);
}

class Reader {
  readonly #fields = new Set<string>();
  #isAll = false;

  get reads(): Reads {
    return this.#isAll ? 'all' : this.#fields;
  }

  /** `atRoot` says whether the context can be the root. */
  visit(node: AstNode, atRoot: boolean): void {
    if (node.type === 'path') this.#path(node, atRoot);
    else if (node.type === 'name') this.#name(node.value, atRoot);
    else if (node.type === 'variable') this.#isAll ||= isRoot(node, atRoot);
    else if (node.type === 'function') this.#call(node, atRoot, 0);
    else if (node.type === 'apply' && node.rhs.type === 'function') {
      this.visit(node.lhs, atRoot);
      this.#call(node.rhs, atRoot, 1);
    } else {
      this.#isAll ||= usesWhole(node, atRoot);
      this.#inside(node, atRoot);
    }
    // What hangs on a node has the node's value as its context; where that is the root, `all` is set already. `a@$item`
    // binds the value and leaves the context where it was.
    this.#hangers(node, atRoot && node.focus !== undefined);
  }

  #hangers(node: AstNode, atRoot: boolean): void {
    for (const hanger of hangers(node)) this.visit(hanger, atRoot);
  }

  #name(name: string, atRoot: boolean): void {
    if (atRoot) this.#fields.add(name);
  }

  #inside(node: AstNode, atRoot: boolean): void {
    const hanging = new Set(hangers(node));
    for (const child of childrenOf(node)) if (!hanging.has(child)) this.visit(child, atRoot);
  }

  #path(node: PathNode, atRoot: boolean): void {
    let here = atRoot;
    for (const [index, step] of node.steps.entries()) {
      // `$.name` and `$$.name` go on at the root.
      const goesOn = node.steps[index + 1]?.type === 'name' && hangers(step).length === 0;
      if (step.type === 'variable' && isRoot(step, here) && goesOn) {
        here = true;
      } else {
        this.visit(step, here);
        here &&= step.focus !== undefined;
      }
    }
  }

  #call(node: CallNode, atRoot: boolean, given: number): void {
    const name = node.procedure.type === 'variable' ? node.procedure.value : undefined;
    const count = node.arguments.length + given;
    const builtin = name === undefined ? undefined : builtins.get(name);
    if (atRoot && (builtin === undefined ? count === 0 : takesContext(builtin.signature, count))) this.#isAll = true;
    this.visit(node.procedure, atRoot);
    if (name === 'lookup' && given === 0 && this.#literalLookup(node, atRoot)) return;
    for (const arg of node.arguments) this.visit(arg, atRoot);
  }

  /** `$lookup($, "field")` and `$lookup($$, "field")` read one field. */
  #literalLookup(node: CallNode, atRoot: boolean): boolean {
    const [of, key] = node.arguments;
    if (of?.type !== 'variable' || key?.type !== 'string' || !isRoot(of, atRoot) || hangers(of).length > 0)
      return false;
    this.#fields.add(String(key.value));
    return true;
  }
}

function isRoot(node: VariableNode, atRoot: boolean): boolean {
  return node.value === '$' || (node.value === '' && atRoot);
}

function usesWhole(node: AstNode, atRoot: boolean): boolean {
  if (node.type === 'parent') return true;
  if (node.type === 'lambda') return node.signature?.definition.includes('-') === true;
  return atRoot && (node.type === 'wildcard' || node.type === 'descendant');
}

/** Says whether a built-in may be given the context when it is called with `count` arguments. */
function takesContext(signature: Signature | undefined, count: number): boolean {
  if (signature === undefined) return false;
  const body = signature.definition
    .slice(1, -1)
    .replace(/<[^<>]*>/g, '')
    .replace(/:.*$/, '');
  const parameters = body.match(/(\([^)]*\)|[a-z])[-?+]*/g) ?? [];
  const needed = parameters.filter((parameter) => !parameter.includes('?')).length;
  return parameters.some((parameter) => parameter.includes('-')) && count < needed;
}

/** Predicates, stages and the group of a node. */
function hangers(node: AstNode): AstNode[] {
  const found: AstNode[] = [];
  for (const stage of [...(node.predicate ?? []), ...(node.stages ?? [])]) {
    if (stage.type === 'filter') found.push(stage.expr);
  }
  for (const pair of node.group?.lhs ?? []) found.push(...pair);
  return found;
}
