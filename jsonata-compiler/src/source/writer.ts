import type { AstNode } from '../ast.js';
import type { Evaluate } from '../frame.js';
import type { Scope } from '../scope.js';

/** What the text of a mapping can put into generated source: JSON of a literal, and nothing else. */
export function literal(value: string | number | boolean | null): string {
  if (Object.is(value, -0)) return '-0';
  // U+2028 and U+2029 end a line in older grammars of JavaScript.
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, (mark) => (mark === '\u2028' ? '\\u2028' : '\\u2029'));
}

/** How a node is reached: what its context is called, and the scope of its variables. */
export interface Place {
  readonly context: string;
  readonly scope: Scope;
}

/** How the writer gets at the closures of the nodes that stay closures. */
export interface Closures {
  /** The closure of a node that is not written; what is inside of it may be written again. */
  readonly compile: (node: AstNode, scope: Scope) => Evaluate;
  /** The closure of a node that is written, for values that the written form does not handle; made when first needed. */
  readonly slow: (node: AstNode, scope: Scope) => Evaluate;
  /** The slot of a name that only bindings and built-ins can mean; undefined for a variable of the expression. */
  readonly globalOf: (name: string, scope: Scope) => number | undefined;
  /** Built-ins that are also used as values must be called in full: errors of later calls show where. */
  readonly isValue: (name: string) => boolean;
}

/** Collects the source of one function `(input, frame) => value`. All names in it are its own. */
export class Writer {
  readonly closures: Closures;
  readonly #lines: string[] = [];
  readonly #constants: unknown[] = [];
  #names = 0;

  constructor(closures: Closures) {
    this.closures = closures;
  }

  get constants(): readonly unknown[] {
    return this.#constants;
  }

  get source(): string {
    return this.#lines.join('\n');
  }

  line(text: string): void {
    this.#lines.push(text);
  }

  /** A new name. */
  name(): string {
    return `v${++this.#names}`;
  }

  /** A new variable with a value. */
  let(value = 'undefined'): string {
    const name = this.name();
    this.line(`let ${name} = ${value};`);
    return name;
  }

  /** A value from outside (a closure, a built-in), by a name. */
  constant(value: unknown): string {
    const known = this.#constants.indexOf(value);
    return `k[${known >= 0 ? known : this.#constants.push(value) - 1}]`;
  }

  /** Leaves a node to its closure. */
  closure(node: AstNode, place: Place): string {
    return this.let(`${this.constant(this.closures.compile(node, place.scope))}(${place.context}, frame)`);
  }

  /** The call that redoes a written node by its closure. */
  redo(node: AstNode, place: Place): string {
    return `${this.constant(this.closures.slow(node, place.scope))}(${place.context}, frame)`;
  }
}

/** Writes a node and names its value; `undefined` refuses. */
export type Write = (node: AstNode, place: Place) => string;
