import { fail } from '../errors.js';
import type { Invoke } from '../function-value.js';

/** A built-in function: as the interpreter declares it, with an implementation that is synchronous and bounded. */
export interface Builtin {
  readonly signature: string;
  /** What higher-order functions take it to accept. */
  readonly arity: number;
  /** Parameters that a partial application knows, where they are not `arity`; negative: none can be applied. */
  readonly parameters?: number;
  readonly invoke: Invoke;
}

export type Builtins = Readonly<Record<string, Builtin>>;

/** Signatures make sure of the types; only a partial application can bring in others. */
export function asText(value: unknown): string {
  if (typeof value !== 'string') fail('INVALID_ARGUMENT');
  return value;
}

export function asNumber(value: unknown): number {
  return typeof value === 'number' ? value : Number(value);
}

export function asItems(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) fail('INVALID_ARGUMENT');
  return value as readonly unknown[];
}
