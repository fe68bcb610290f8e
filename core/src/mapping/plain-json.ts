import type { Json, JsonObject } from '@rollcall/connector-kit';
import { isFunctionValue } from '@rollcall/jsonata-compiler';
import { FORBIDDEN_KEYS } from '../rules/yaml-text.js';
import { ExpressionFailure } from './evaluator.js';

/** The most that one expression may give, in characters of its JSON text, roughly. */
export const MOST_OUTPUT = 256 * 1024;

const DEEPEST = 64;

/**
 * A copy of what an expression gave as plain JSON: without the marks that JSONata leaves on its arrays, without
 * functions, bounded in size and depth.
 *
 * @throws {ExpressionFailure}
 */
export function plainJson(value: unknown): Json | undefined {
  // The common case, without anything to copy.
  if (typeof value === 'string' && value.length < MOST_OUTPUT) return value;
  return value === undefined ? undefined : new PlainCopy().of(value, 0);
}

class PlainCopy {
  #left = MOST_OUTPUT;

  of(value: unknown, depth: number): Json {
    this.#spend(typeof value === 'string' ? value.length + 2 : 4);
    if (depth > DEEPEST) throw refused('The expression gives a value that is nested too deeply.');
    if (isScalar(value)) return value as Json;
    if (Array.isArray(value)) {
      return value.filter((item) => item !== undefined).map((item) => this.of(item, depth + 1));
    }
    if (typeof value === 'object' && value !== null && !isFunctionValue(value)) return this.#object(value, depth);
    const what = typeof value === 'number' ? 'number that is not finite' : 'function';
    throw refused(`The expression gives a ${what}, not a value.`);
  }

  #object(value: object, depth: number): JsonObject {
    const copy: JsonObject = {};
    for (const [key, item] of Object.entries(value)) {
      if (FORBIDDEN_KEYS.has(key))
        throw refused(`The expression gives an object with the key "${key}", which is not allowed.`);
      this.#spend(key.length);
      if (item !== undefined) copy[key] = this.of(item, depth + 1);
    }
    return copy;
  }

  #spend(characters: number): void {
    this.#left -= characters;
    if (this.#left < 0) throw refused('The expression gives more than 256 KiB.');
  }
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

function refused(message: string): ExpressionFailure {
  return new ExpressionFailure(
    'RC_MAPPING_EXPRESSION',
    message,
    'Let the expression give the value itself, and less of it.',
  );
}
