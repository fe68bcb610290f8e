import { defineFunction, type Bindings } from '@rollcall/jsonata-compiler';
import { ExpressionFailure, type Tables } from './evaluator.js';

/** What an expression of a mapping sees beside its record: the mapping's tables, and a `$lookup` that knows them. */
export function tableBindings(tables: Tables): Bindings {
  const { bare, lookUp } = tablesWithLookUp(tables);
  return Object.assign(Object.create(null) as object, bare, { lookup: defineFunction(lookUp, '<x-s:x>') });
}

/** The tables as expressions get them, and the look-up that misses nothing in silence. */
export function tablesWithLookUp(tables: Tables): {
  bare: Readonly<Record<string, object>>;
  lookUp: (input: unknown, key: unknown) => unknown;
} {
  const names = new Map<unknown, string>();
  const bare = Object.create(null) as Record<string, object>;
  for (const [name, table] of Object.entries(tables)) {
    // Without a prototype, so that a status `constructor` is missed like any other.
    bare[name] = Object.freeze(Object.assign(Object.create(null) as object, table));
    names.set(bare[name], name);
  }
  const lookUp = (input: unknown, key: unknown): unknown => {
    const table = names.get(input);
    if (table !== undefined && !hasKey(input, key)) throw tableMiss(table);
    return fieldOf(input, key);
  };
  return { bare, lookUp };
}

/** A status word never seen before must not turn into "no value", which would compare as different from `terminated`. */
function tableMiss(table: string): ExpressionFailure {
  return new ExpressionFailure(
    'RC_MAPPING_TABLE_MISS',
    `The table "${table}" has no entry for the value of this record.`,
    `Add the value to tables.${table} in the mapping; the raw record shows it.`,
  );
}

function hasKey(input: unknown, key: unknown): boolean {
  return typeof input === 'object' && input !== null && typeof key === 'string' && Object.hasOwn(input, key);
}

function fieldOf(input: unknown, key: unknown): unknown {
  if (Array.isArray(input)) {
    const found = input.flatMap((item) => [fieldOf(item, key)].flat()).filter((item) => item !== undefined);
    return found.length > 1 ? found : found[0];
  }
  return hasKey(input, key) ? (input as Record<string, unknown>)[key as string] : undefined;
}
