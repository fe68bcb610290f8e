import { childrenOf, levelsOf, type AstNode } from '../ast.js';

/** Engines give up optimizing functions far smaller than this. */
const MAX_SOURCE = 100_000;

/** All the source of one expression: engines keep it, at about four times the memory of closures. */
const MAX_TOTAL = 250_000;

/** Each generated function costs time and memory of its own, however small. */
const MAX_FUNCTIONS = 64;

/** Written for its own sake only where something is gained: a bare literal or variable is not. */
export const WORTH: ReadonlySet<string> = new Set(['path', 'binary', 'unary', 'condition', 'function', 'block']);

/** Written as part of something else. */
const PARTS: ReadonlySet<string> = new Set(['name', 'string', 'number', 'value', 'variable']);

/** About how many characters of source a node becomes, without what is inside of it. */
const CHARACTERS = 250;

/** A literal stands up to four times in what is written for it, with its escapes. */
const REPEATED = 4;

/**
 * How much of an expression may become source. What is too large for one function is known before it is written: to
 * write, to throw away and to write its parts again, at every level, would cost more than any text may.
 */
export class Extent {
  #tree: AstNode | undefined;
  #sizes: Map<AstNode, number> | undefined;
  #left = MAX_TOTAL;
  #functions = MAX_FUNCTIONS;

  constructor(tree: AstNode) {
    this.#tree = tree;
  }

  /** The whole expression, whose context is the input. */
  isRoot(node: AstNode): boolean {
    return node === this.#tree;
  }

  mayWrite(node: AstNode): boolean {
    if (this.#functions <= 0) return false;
    if (this.#tree !== undefined) this.#sizes ??= sizesOf(this.#tree);
    return (this.#sizes?.get(node) ?? Infinity) <= Math.min(MAX_SOURCE, this.#left);
  }

  /** Says whether that much source, just written, may be used. */
  spend(length: number): boolean {
    this.#left -= length;
    this.#functions--;
    if (length > MAX_SOURCE) this.stop();
    return length <= MAX_SOURCE;
  }

  /** No more source for this expression. */
  stop(): void {
    this.#functions = 0;
    this.#sizes = undefined;
    this.#tree = undefined;
  }
}

/** An estimate for each node with all that is written into the same function, from the leaves up. */
function sizesOf(tree: AstNode): Map<AstNode, number> {
  const sizes = new Map<AstNode, number>();
  for (const node of levelsOf(tree).reverse().flat()) {
    let size = CHARACTERS + ('value' in node && PARTS.has(node.type) ? REPEATED * lengthOf(node.value) : 0);
    for (const child of childrenOf(node)) if (isWritable(child)) size += sizes.get(child) ?? 0;
    sizes.set(node, size);
  }
  return sizes;
}

function isWritable(node: AstNode): boolean {
  return WORTH.has(node.type) || PARTS.has(node.type);
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' ? JSON.stringify(value).length : 8;
}
