import { childrenOf, type AstNode } from './ast.js';

/** Where a variable may be found at run time. */
export interface Place {
  /** Frames to go outwards. */
  readonly hops: number;
  /** The slot, or undefined where a tuple may carry the name. */
  readonly slot: number | undefined;
  /** A parameter is always set: nothing outside can be meant. */
  readonly isFinal: boolean;
}

/** The variables of a block, a function or a step of a tuple stream, as far as the text tells. */
export class Scope {
  readonly #slots = new Map<string, number>();
  readonly #parameters = new Set<string>();
  readonly parent: Scope | undefined;
  readonly isTuple: boolean;

  constructor(parent: Scope | undefined, isTuple = false) {
    this.parent = parent;
    this.isTuple = isTuple;
  }

  get size(): number {
    return this.#slots.size;
  }

  declare(name: string, isParameter = false): number {
    if (isParameter) this.#parameters.add(name);
    const known = this.#slots.get(name);
    if (known !== undefined) return known;
    const slot = this.#slots.size;
    this.#slots.set(name, slot);
    return slot;
  }

  slotOf(name: string): number | undefined {
    return this.#slots.get(name);
  }

  /** Every place, from the inside out, where `name` may be set; a global is meant where none is. */
  find(name: string): Place[] {
    const places: Place[] = [];
    this.#collect(name, 0, places);
    return places;
  }

  #collect(name: string, hops: number, places: Place[]): void {
    const slot = this.#slots.get(name);
    const isFinal = this.#parameters.has(name);
    if (slot !== undefined) places.push({ hops, slot, isFinal });
    if (isFinal) return;
    if (this.isTuple) places.push({ hops, slot: undefined, isFinal: false });
    if (this.parent !== undefined) this.parent.#collect(name, hops + 1, places);
  }
}

/** The names that `:=` sets somewhere in `nodes`, outside of inner blocks and functions, which have their own scope. */
export function boundNames(nodes: readonly AstNode[], found = new Set<string>()): Set<string> {
  for (const node of nodes) {
    if (node.type === 'bind') found.add(node.lhs.value);
    if (node.type !== 'block' && !(node.type === 'lambda' && node.thunk !== true)) boundNames(childrenOf(node), found);
    else boundNames(outsideOf(node), found);
  }
  return found;
}

/** Predicates and groups hang on a block or function but are evaluated outside of it. */
function outsideOf(node: AstNode): AstNode[] {
  const outside: AstNode[] = [];
  for (const stage of [...(node.predicate ?? []), ...(node.stages ?? [])]) {
    if (stage.type === 'filter') outside.push(stage.expr);
  }
  for (const pair of node.group?.lhs ?? []) outside.push(...pair);
  return outside;
}
