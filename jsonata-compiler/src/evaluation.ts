import { bindingValue, type Bindings } from './bindings.js';
import { builtins } from './builtins/table.js';
import type { Names } from './compiler.js';
import { JsonataError } from './errors.js';
import { isArray, OUTER, sequenceOf } from './values.js';

/** The values of the free names: a binding's where there is one, else the built-in. */
export function globalsFor(names: Names, bindings: Bindings | undefined): unknown[] {
  return names.all.map((name) =>
    bindings !== undefined && Object.hasOwn(bindings, name) ? bindingValue(bindings[name]) : builtins.get(name),
  );
}

/** An input that is an array is one input. */
export function wrapInput(input: unknown): unknown {
  if (!isArray(input)) return input;
  const wrapped = sequenceOf(input);
  wrapped[OUTER] = true;
  return wrapped;
}

/** Whatever ended an evaluation, as an error with a code. */
export function asJsonataError(error: unknown): JsonataError {
  if (error instanceof JsonataError) return error;
  if (error instanceof RangeError && /call stack/i.test(error.message)) return new JsonataError('BUDGET_DEPTH');
  return new JsonataError('INVALID_ARGUMENT', {}, error);
}
