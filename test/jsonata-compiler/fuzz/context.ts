import type { Random } from './random.js';
import type { Tree } from './tree.js';

/** What an expression is meant to yield; now and then another is taken, to meet errors. */
export type Kind = 'number' | 'string' | 'boolean' | 'array' | 'object' | 'any';

export const KINDS: readonly Kind[] = ['number', 'string', 'boolean', 'array', 'object', 'any'];

/** Variables in reach by kind, with how deep the generation may still go. */
export class Context {
  readonly random: Random;
  readonly variables: readonly { readonly name: string; readonly kind: Kind }[];
  readonly #make: Maker;

  constructor(random: Random, make: Maker, variables: Context['variables'] = []) {
    this.random = random;
    this.variables = variables;
    this.#make = make;
  }

  /** An expression of (about) the kind asked for. */
  make(kind: Kind, depth: number): Tree {
    return this.#make(kind, this, depth);
  }

  with(name: string, kind: Kind): Context {
    return new Context(this.random, this.#make, [...this.variables, { name, kind }]);
  }

  /** A new variable's name: few, so that inner ones hide outer ones. */
  name(): string {
    return this.random.pick(['a', 'b', 'c', 'x', 'y']);
  }
}

type Maker = (kind: Kind, context: Context, depth: number) => Tree;
