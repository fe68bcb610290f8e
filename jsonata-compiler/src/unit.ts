import type { AstNode } from './ast.js';
import type { Evaluate } from './frame.js';
import type { Scope } from './scope.js';

/** What the compilation of one expression shares: the way back into the compiler, and the free names. */
export interface Unit {
  readonly compile: (node: AstNode, scope: Scope) => Evaluate;
  /** The slot of a free name among `run.globals`. */
  readonly global: (name: string) => number;
  /** Builds `function($f, $g) { function($x) { $g($f($x)) } }`, which `~>` applies to two functions. */
  readonly chain: () => Evaluate;
  /** Notes that a node is refused whenever it is reached, for `explain`. */
  readonly refuse: (node: AstNode, code: string) => void;
}
