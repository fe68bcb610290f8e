import type { Bindings } from './bindings.js';
import { compileText, type CompileOptions } from './compile.js';
import { Names, type Program } from './compiler.js';
import type { JsonataError } from './errors.js';
import { asJsonataError, globalsFor, wrapInput } from './evaluation.js';
import { Frame, unsetSlots } from './frame.js';
import { checkOutput } from './output.js';
import { Run, termsOf, UNREAD, type Limits } from './run.js';

/** What several expressions came to for one input: each has a value (or none), or an error of its own. */
export interface MappingResult {
  /** In the order of the expressions; `undefined` where there is no value or an error. */
  readonly values: readonly unknown[];
  /** Errors by the number of the expression; `undefined` where there are none at all. */
  readonly errors: ReadonlyMap<number, JsonataError> | undefined;
}

/** Several expressions over the same input, as a mapping has one for each attribute. */
export class CompiledMapping {
  readonly #programs: readonly Program[];
  readonly #names: Names;
  readonly #builtins: readonly unknown[];
  readonly #unread: readonly unknown[];

  /** Use {@link compileMapping}. */
  constructor(programs: readonly Program[], names: Names) {
    this.#programs = programs;
    this.#names = names;
    this.#builtins = globalsFor(names, undefined);
    this.#unread = new Array<unknown>(names.fieldCount).fill(UNREAD);
  }

  /**
   * Evaluates every expression by itself: with budgets of its own, and with an error of its own that leaves the others
   * alone. The same as so many calls of `evaluate`, for less: a field of the input is read once for all of them, so that
   * a function of the caller must not change the input.
   */
  evaluate(input: unknown, bindings?: Bindings, limits?: Limits): MappingResult {
    const globals = bindings === undefined ? this.#builtins : globalsFor(this.#names, bindings);
    const run = new Run(input, globals, termsOf(bindings, limits), this.#unread.slice());
    const bare = new Frame(run, undefined, unsetSlots(0));
    const context = wrapInput(input);
    const programs = this.#programs;
    const values = new Array<unknown>(programs.length);
    let errors: Map<number, JsonataError> | undefined;
    let number = 0;
    while (number < programs.length) {
      try {
        for (; number < programs.length; number++) {
          const program = programs[number];
          if (program === undefined) break;
          run.restart();
          const { slotCount } = program;
          const value = program.evaluate(
            context,
            slotCount === 0 ? bare : new Frame(run, undefined, unsetSlots(slotCount)),
          );
          if (typeof value === 'string' || typeof value === 'object') checkOutput(value, run);
          values[number] = value;
        }
      } catch (error) {
        errors ??= new Map<number, JsonataError>();
        errors.set(number, asJsonataError(error).finish());
        values[number++] = undefined;
      }
    }
    return { values, errors };
  }
}

/**
 * Compiles the expressions of a mapping.
 *
 * @throws {JsonataError} for the first text that cannot be compiled.
 */
export function compileMapping(texts: readonly string[], options: CompileOptions = {}): CompiledMapping {
  const names = new Names(true);
  return new CompiledMapping(
    texts.map((text) => compileText(text, names, options)),
    names,
  );
}
