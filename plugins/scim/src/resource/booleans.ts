import type { Json } from '@rollcall/connector-kit';

const WORDS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  ['true', true],
  ['1', true],
  [1, true],
  [false, false],
  ['false', false],
  ['0', false],
  [0, false],
]);

/**
 * Reads a truth value as Entra ID and OneLogin write it: `"False"`, `"true"`, `"1"`. By a list and not by the truthiness of
 * the language, in which `"False"` is true: that bug keeps leavers active.
 *
 * @returns undefined for anything else.
 */
export function readBoolean(value: Json): boolean | undefined {
  return WORDS.get(typeof value === 'string' ? value.trim().toLowerCase() : value);
}
