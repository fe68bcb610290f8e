import jsonata from 'jsonata';
import { fail } from '../errors.js';

/** A built-in of the interpreter: `this` carries what the few need that look around. */
export type Borrowed = (this: unknown, ...args: readonly unknown[]) => unknown;

interface Environment {
  lookup(name: string): { readonly implementation?: unknown } | undefined;
}

const NAMES = ['formatNumber', 'formatInteger', 'parseInteger', 'toMillis', 'fromMillis'] as const;

export type BorrowedName = (typeof NAMES)[number];

/**
 * Fetches the picture functions from the interpreter, through the hook that it calls, synchronously, before it
 * evaluates a node. (`await jsonata('$toMillis').evaluate()` would yield the same, but a module that awaits at its top
 * cannot be required.)
 */
function borrow(): Readonly<Record<BorrowedName, Borrowed>> {
  const found: Partial<Record<BorrowedName, Borrowed>> = {};
  const probe = jsonata('null');
  const assign = probe.assign.bind(probe) as unknown as (hook: symbol, value: unknown) => void;
  assign(Symbol.for('jsonata.__evaluate_entry'), (_node: unknown, _input: unknown, environment: Environment) => {
    for (const name of NAMES) found[name] = environment.lookup(name)?.implementation as Borrowed;
  });
  void probe.evaluate(undefined);
  for (const name of NAMES) {
    if (typeof found[name] !== 'function') throw new TypeError(`jsonata has no built-in ${name}`);
  }
  return found as Record<BorrowedName, Borrowed>;
}

const borrowed = borrow();

/** Calls a borrowed built-in; whatever it throws becomes an error with a code. */
export function callBorrowed(name: BorrowedName, self: unknown, args: readonly unknown[]): unknown {
  try {
    return borrowed[name].apply(self, [...args]);
  } catch (error) {
    const { code, index } = error as { code?: unknown; index?: unknown };
    if (typeof code !== 'string') return fail('INVALID_ARGUMENT');
    return fail(code, typeof index === 'number' ? { index } : {});
  }
}
