import { fail, JsonataError } from './errors.js';
import { FunctionValue } from './function-value.js';
import { Bare, Definition } from './functions.js';
import { Signature } from './signature.js';

/** A function that a caller lends to expressions; it must be synchronous. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- parameters are contravariant: `unknown` would refuse every typed function
export type HostFunction = (...args: any[]) => unknown;

/** Values and functions by name without `$`; a name of a built-in overrides it. */
export type Bindings = Readonly<Record<string, unknown>>;

/**
 * Gives a function of the caller a JSONata signature (`<s-n?:s>`), so that arguments are checked before it is called
 * and the context can stand in for a missing one.
 */
export function defineFunction(implementation: HostFunction, signature?: string): FunctionValue {
  const invoke = hostInvoke(implementation);
  return signature === undefined
    ? new Bare(invoke, implementation.length)
    : new Definition(invoke, implementation.length, new Signature(signature));
}

/** What a binding is inside: only at the top of the bindings can a JavaScript function become callable. */
export function bindingValue(value: unknown): unknown {
  return typeof value === 'function' ? new Bare(hostInvoke(value as HostFunction), value.length) : value;
}

function hostInvoke(implementation: HostFunction): (args: readonly unknown[]) => unknown {
  return (args) => {
    const result = callHost(implementation, args);
    if (isThenable(result)) fail('REFUSED_PROMISE');
    return result;
  };
}

function callHost(implementation: HostFunction, args: readonly unknown[]): unknown {
  try {
    return implementation(...args);
  } catch (error) {
    if (error instanceof JsonataError) throw error;
    const code = (error as { code?: unknown } | null | undefined)?.code;
    throw new JsonataError(typeof code === 'string' ? code : 'HOST_FUNCTION', {}, error);
  }
}

function isThenable(value: unknown): boolean {
  return (
    value instanceof Promise ||
    (typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function')
  );
}
