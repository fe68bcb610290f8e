import type { Json, JsonObject } from '@rollcall/connector-kit';
import { normalText } from '../model/compare.js';
import { ExpressionFailure } from './evaluator.js';
import type { CompiledMapping } from './mapping-file.js';

/** Reads the identifier of a record; undefined where it cannot be read. */
export interface SourceIdReader {
  /** The fast way of a mapping whose `sourceId` is a plain field; null otherwise. */
  readonly sync: ((raw: JsonObject) => string | undefined) | null;
  read(raw: JsonObject): Promise<string | undefined>;
}

const LONGEST = 512;

/** The reader of a mapping's `sourceId`: a text or a whole number, not empty, at most 512 characters. */
export function sourceIdReader(mapping: CompiledMapping): SourceIdReader {
  const { evaluated } = mapping.sourceId;
  const { field } = evaluated;
  if (field !== null) {
    const sync = (raw: JsonObject): string | undefined => (Object.hasOwn(raw, field) ? idText(raw[field]) : undefined);
    return { sync, read: (raw) => Promise.resolve(sync(raw)) };
  }
  return {
    sync: null,
    read: async (raw) => {
      try {
        return idText(await evaluated.evaluate(raw));
      } catch (error) {
        if (error instanceof ExpressionFailure) return undefined;
        throw error;
      }
    },
  };
}

function idText(value: Json | undefined): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  if (typeof value !== 'string') return undefined;
  const text = normalText(value);
  return text === '' || text.length > LONGEST || /[\0\p{Cs}]/u.test(text) ? undefined : text;
}
