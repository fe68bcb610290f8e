import { bindingValue, type Bindings } from './bindings.js';
import type { Budgets } from './budgets.js';
import { builtins } from './builtins/table.js';
import { compileProgram, type Program, type Refusal } from './compiler.js';
import { fail, JsonataError } from './errors.js';
import { Frame, unsetSlots } from './frame.js';
import { checkOutput } from './output.js';
import { Run, type Chance } from './run.js';
import { isArray, OUTER, sequenceOf } from './values.js';

/** An expression ready to run, any number of times, also within itself (through a function of the caller). */
export class CompiledExpression {
  readonly #program: Program;
  readonly #defaults: readonly unknown[];

  /** Use {@link compile}. */
  constructor(program: Program) {
    this.#program = program;
    this.#defaults = program.globals.map((name) => builtins.get(name));
  }

  /**
   * The value of the expression for `input`, or `undefined` where it has none.
   *
   * @param input - plain JSON; never written to.
   * @param bindings - values and functions for `$name`; they win over built-ins.
   * @param limits - budgets other than the default, and the time and chance that `$now`, `$millis`, `$random`,
   * `$shuffle` and incomplete timestamps draw from.
   * @throws {JsonataError} with the interpreter's code, or with a `BUDGET_…` or `REFUSED_…` one.
   */
  evaluate(input: unknown, bindings?: Bindings, limits?: Partial<Budgets> & Chance): unknown {
    const globals = bindings === undefined ? this.#defaults : this.#bind(bindings);
    const run = new Run(input, globals, bindings, limits);
    try {
      const frame = new Frame(run, undefined, unsetSlots(this.#program.slotCount));
      const result = this.#program.evaluate(wrap(input), frame);
      checkOutput(result, run);
      return result;
    } catch (error) {
      throw asJsonataError(error).finish();
    }
  }

  #bind(bindings: Bindings): unknown[] {
    return this.#program.globals.map((name, index) =>
      Object.hasOwn(bindings, name) ? bindingValue(bindings[name]) : this.#defaults[index],
    );
  }
}

/** An input that is an array is one input. */
function wrap(input: unknown): unknown {
  if (!isArray(input)) return input;
  const wrapped = sequenceOf(input);
  wrapped[OUTER] = true;
  return wrapped;
}

function asJsonataError(error: unknown): JsonataError {
  if (error instanceof JsonataError) return error;
  if (error instanceof RangeError && /call stack/i.test(error.message)) return new JsonataError('BUDGET_DEPTH');
  return new JsonataError('INVALID_ARGUMENT', {}, error);
}

/**
 * Compiles a JSONata expression.
 *
 * @throws {JsonataError} with the parser's code, or `BUDGET_TEXT` for a text that is too long or too deep.
 */
export function compile(text: string): CompiledExpression {
  if (typeof text !== 'string') fail('INVALID_TEXT');
  try {
    return new CompiledExpression(compileProgram(text));
  } catch (error) {
    throw asJsonataError(error).finish();
  }
}

export type { Refusal };
