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
  /** The slot of a field of the root among `run.fields`; none where no other expression could use what is read. */
  readonly field: (name: string) => number | undefined;
}

/** What every node of a generated function is written with, and what the function calls its input. */
export const INPUT = 'input';

/** Collects the source of one function `(input, frame) => value`. All names in it are its own. */
export class Writer {
  readonly closures: Closures;
  readonly #lines: string[] = [];
  /** By value, with the number of each. */
  readonly #constants = new Map<unknown, number>();
  /** The closures of written nodes, once made. */
  readonly #slow = new Map<AstNode, string>();
  readonly #isRoot: boolean;
  /** Variables for fields of the root, where no other expression shares them. */
  readonly #locals = new Map<string, string>();
  #names = 0;

  /** `isRoot` says whether the function's input is the root. */
  constructor(closures: Closures, isRoot: boolean) {
    this.closures = closures;
    this.#isRoot = isRoot;
  }

  get constants(): readonly unknown[] {
    return [...this.#constants.keys()];
  }

  /** The function, as the body of a factory `(k, h) => function`. */
  source(result: string): string {
    const constants = Array.from(
      { length: this.#constants.size },
      (_none, index) => `const k${index} = k[${index}];\n`,
    );
    const locals = [...this.#locals.values()].map((name) => `let ${name} = UNREAD;\n`);
    return `'use strict';
const { has, own, UNREAD } = h;
${constants.join('')}return function (${INPUT}, frame) {
const run = frame.run;
const fields = run.fields;
${locals.join('')}${this.#lines.join('\n')}
return ${result};
};`;
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
    const known = this.#constants.get(value) ?? this.#constants.size;
    this.#constants.set(value, known);
    return `k${known}`;
  }

  /**
   * An own field of a record. One of the root is read once for each input: a source's records have hundreds of shapes,
   * and reading those is what a mapping spends its time with. It goes through a function, for which the name is any
   * name: for a name in the source engines keep a cache of shapes, which is too small for so many and slow to miss.
   */
  field(record: string, name: string): string {
    const key = literal(name);
    if (!this.#isRoot || record !== INPUT)
      return this.let(`has.call(${record}, ${key}) ? ${record}[${key}] : undefined`);
    const slot = this.closures.field(name);
    const place = slot === undefined ? this.#local(name) : `fields[${slot}]`;
    this.line(`if (${place} === UNREAD) ${place} = own(${record}, ${key});`);
    return this.let(place);
  }

  #local(name: string): string {
    const local = this.#locals.get(name) ?? this.name();
    this.#locals.set(name, local);
    return local;
  }

  /** Leaves a node to its closure. */
  closure(node: AstNode, place: Place): string {
    return this.let(`${this.constant(this.closures.compile(node, place.scope))}(${place.context}, frame)`);
  }

  /** The call that redoes a written node by its closure. */
  redo(node: AstNode, place: Place): string {
    const slow = this.#slow.get(node) ?? this.constant(this.closures.slow(node, place.scope));
    this.#slow.set(node, slow);
    return `${slow}(${place.context}, frame)`;
  }
}

/** Writes a node and names its value; `undefined` refuses. */
export type Write = (node: AstNode, place: Place) => string;
