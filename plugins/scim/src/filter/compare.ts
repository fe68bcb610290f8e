import type { Json } from '@rollcall/connector-kit';
import { readBoolean } from '../resource/booleans.js';
import { fold } from '../resource/fold.js';
import type { AttributeDefinition } from '../schema/definition.js';
import type { Comparison, Literal } from './ast.js';

/**
 * Compares one value of a resource with the value of a filter. Texts compare as their attribute says (`caseExact`), instants
 * as instants, truth values in every form that providers write.
 */
export function matches(actual: Json, op: Comparison, wanted: Literal, definition?: AttributeDefinition): boolean {
  if (wanted === null || typeof actual === 'object') return op === 'ne';
  if (typeof actual === 'boolean') return compareBooleans(actual, op, wanted);
  if (typeof actual === 'number' && typeof wanted === 'number') return ordered(actual, op, wanted);
  if (definition?.type === 'dateTime') return compareInstants(String(actual), op, String(wanted));
  const read = definition?.caseExact === true ? String : (value: unknown): string => fold(String(value));
  return compareTexts(read(actual), op, read(wanted));
}

function compareBooleans(actual: boolean, op: Comparison, wanted: Literal): boolean {
  const value = readBoolean(wanted);
  if (op === 'eq') return value === actual;
  return op === 'ne' && value !== actual;
}

function compareInstants(actual: string, op: Comparison, wanted: string): boolean {
  const [a, b] = [Date.parse(actual), Date.parse(wanted)];
  return Number.isNaN(a) || Number.isNaN(b) ? compareTexts(actual, op, wanted) : ordered(a, op, b);
}

function compareTexts(actual: string, op: Comparison, wanted: string): boolean {
  switch (op) {
    case 'co':
      return actual.includes(wanted);
    case 'sw':
      return actual.startsWith(wanted);
    case 'ew':
      return actual.endsWith(wanted);
    default:
      return ordered(actual, op, wanted);
  }
}

function ordered<T extends string | number>(actual: T, op: Comparison, wanted: T): boolean {
  switch (op) {
    case 'eq':
      return actual === wanted;
    case 'ne':
      return actual !== wanted;
    case 'gt':
      return actual > wanted;
    case 'ge':
      return actual >= wanted;
    case 'lt':
      return actual < wanted;
    case 'le':
      return actual <= wanted;
    default:
      return compareTexts(String(actual), op, String(wanted));
  }
}
