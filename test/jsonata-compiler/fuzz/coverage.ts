import jsonata from 'jsonata';
import { childrenOf, type AstNode } from '#jsonata-compiler/ast.js';
import { builtins } from '#jsonata-compiler/builtins/table.js';

/** Everything that has to come up. `$eval` is refused by design: there is nothing to compare. */
export const BUILTINS = [...builtins.keys()].filter((name) => name !== 'eval');

const NODES = [
  'path',
  'binary',
  'unary',
  'name',
  'string',
  'number',
  'value',
  'wildcard',
  'descendant',
  'parent',
  'condition',
  'block',
  'bind',
  'regex',
  'variable',
  'function',
  'partial',
  'lambda',
  'apply',
  'transform',
  'sort',
];
const FEATURES = ['predicate', 'group', 'focus', 'index', 'keepArray', 'thunk', 'signature', 'ancestor', 'delete'];
const OPERATORS = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'and',
  'or',
  'in',
  '&',
  '..',
  'unary -',
  'unary [',
  'unary {',
  '?:',
  '??',
];

/** Counts what the generated expressions contain. */
export class Coverage {
  readonly #counts = new Map<string, number>();

  constructor() {
    for (const name of NODES) this.#counts.set(`node ${name}`, 0);
    for (const name of FEATURES) this.#counts.set(`feature ${name}`, 0);
    for (const name of OPERATORS) this.#counts.set(`operator ${name}`, 0);
    for (const name of BUILTINS) this.#counts.set(`built-in $${name}`, 0);
  }

  add(text: string, times: number): void {
    if (text.includes('?:')) this.#count('operator ?:', times);
    if (text.includes('??')) this.#count('operator ??', times);
    let tree: AstNode;
    try {
      tree = jsonata(text).ast() as unknown as AstNode;
    } catch {
      return;
    }
    this.#visit(tree, times);
  }

  /** Counts in ascending order. */
  sorted(): [string, number][] {
    return [...this.#counts].sort(([, left], [, right]) => left - right);
  }

  #count(name: string, times: number): void {
    const known = this.#counts.get(name);
    if (known !== undefined) this.#counts.set(name, known + times);
  }

  #visit(node: AstNode, times: number): void {
    this.#count(`node ${node.type}`, times);
    if (node.type === 'binary') this.#count(`operator ${node.value}`, times);
    if (node.type === 'unary') this.#count(`operator unary ${node.value}`, times);
    if (node.type === 'variable') this.#count(`built-in $${node.value}`, times);
    for (const feature of FEATURES) if (feature in node) this.#count(`feature ${feature}`, times);
    if (node.stages !== undefined) this.#count('feature predicate', times);
    for (const child of childrenOf(node)) this.#visit(child, times);
  }
}
