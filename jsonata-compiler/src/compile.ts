import { childrenOf, type AstNode } from './ast.js';
import type { Bindings } from './bindings.js';
import { compileProgram, Names, type NodeReport, type Program } from './compiler.js';
import { fail } from './errors.js';
import { Frame, unsetSlots } from './frame.js';
import { asJsonataError, globalsFor, wrapInput } from './evaluation.js';
import { checkOutput } from './output.js';
import { fieldOf, readsOf, type Reads } from './reads.js';
import { Run, termsOf, type Limits, type Terms } from './run.js';
import { freeVariables } from './variables.js';

/** How an expression is compiled. */
export interface CompileOptions {
  /**
   * Whether hot nodes may become generated JavaScript (default true). Where the platform forbids it (`EvalError`) they
   * stay closures by themselves. Values, errors and codes are the same either way.
   */
  readonly accelerate?: boolean;
}

/** An expression ready to run, any number of times, also within itself (through a function of the caller). */
export class CompiledExpression {
  readonly #program: Program;
  readonly #names: Names;
  readonly #builtins: readonly unknown[];

  /** Use {@link compile}. */
  constructor(program: Program, names: Names) {
    this.#program = program;
    this.#names = names;
    this.#builtins = globalsFor(names, undefined);
  }

  /**
   * The value of the expression for `input`, or `undefined` where it has none.
   *
   * @param input - plain JSON; never written to, and not to be written to by a function of the caller meanwhile.
   * @param bindings - values and functions for `$name`; they win over built-ins.
   * @param limits - budgets other than the default, and the time and chance that `$now`, `$millis`, `$random`,
   * `$shuffle` and incomplete timestamps draw from.
   * @throws {JsonataError} with the interpreter's code, or with a `BUDGET_…` or `REFUSED_…` one.
   */
  evaluate(input: unknown, bindings?: Bindings, limits?: Limits): unknown {
    const globals = bindings === undefined ? this.#builtins : globalsFor(this.#names, bindings);
    return this.#evaluate(input, globals, termsOf(bindings, limits));
  }

  /** `evaluate` for the same bindings and limits again and again; later changes of either are not seen. */
  bind(bindings?: Bindings, limits?: Limits): (input: unknown) => unknown {
    const globals = bindings === undefined ? this.#builtins : globalsFor(this.#names, bindings);
    const terms = termsOf(bindings, limits);
    return (input) => this.#evaluate(input, globals, terms);
  }

  #evaluate(input: unknown, globals: readonly unknown[], terms: Terms): unknown {
    try {
      const run = new Run(input, globals, terms);
      const frame = new Frame(run, undefined, unsetSlots(this.#program.slotCount));
      const result = this.#program.evaluate(wrapInput(input), frame);
      checkOutput(result, run);
      return result;
    } catch (error) {
      throw asJsonataError(error).finish();
    }
  }

  /** The fields of the input's root that the expression can read, from its syntax tree; `all` if it cannot be known. */
  get reads(): Reads {
    return readsOf(this.#program.known().tree);
  }

  /** The field's name where the expression is nothing but one field of the input; else `undefined`. */
  get field(): string | undefined {
    return fieldOf(this.#program.known().tree);
  }

  /**
   * The variables that the expression takes from its bindings or from the built-ins: names without `$`, each with the
   * position that the parser gives its first use.
   */
  get variables(): ReadonlyMap<string, number | undefined> {
    return freeVariables(this.#program.known().tree);
  }

  /**
   * How the nodes run, from the outside in: as generated source, as closures (and why), or refused (and with which code
   * reaching them ends). A node inside a closure that nobody tried to write is a closure too.
   */
  explain(): readonly NodeReport[] {
    return explainProgram(this.#program);
  }
}

function explainProgram(program: Program): NodeReport[] {
  const reports: NodeReport[] = [];
  const known = program.known();
  const visit = (node: AstNode): void => {
    const closure: NodeReport = { type: node.type, position: node.position, runs: 'closure', why: undefined };
    reports.push(known.reports.get(node) ?? closure);
    for (const child of childrenOf(node)) visit(child);
  };
  visit(known.tree);
  return reports;
}

/**
 * Compiles a JSONata expression.
 *
 * @throws {JsonataError} with the parser's code, or `BUDGET_TEXT` for a text that is too long or too deep.
 */
export function compile(text: string, options: CompileOptions = {}): CompiledExpression {
  const names = new Names();
  return new CompiledExpression(compileText(text, names, options), names);
}

/** Compiles one of several expressions that share their free names. */
export function compileText(text: string, names: Names, options: CompileOptions): Program {
  try {
    if (typeof text !== 'string') fail('INVALID_TEXT');
    return compileProgram(text, names, options.accelerate ?? true);
  } catch (error) {
    throw asJsonataError(error).finish();
  }
}
