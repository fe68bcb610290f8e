import { byText } from '../model/compare.js';
import type { Json, JsonObject } from '../model/json.js';

/** What a value looks like; texts are told apart by shape, since files know nothing but text. */
export type FieldType = 'text' | 'number text' | 'date text' | 'number' | 'boolean' | 'list' | 'object';

/** What records showed of one field. */
export interface FieldStat {
  present: number;
  total: number;
  types: readonly FieldType[];
  /** The values there are; `many`: too many to be a list of choices; null: not enough seen, or nobody's business. */
  values: readonly string[] | 'many' | null;
}

/** A field with more values than this is no list of choices. */
const MAX_VALUES = 20;
/** Values are kept only of fields that so many records had: fewer could be told apart by them. */
const MIN_PRESENT = 100;
/** Records with keys of their own making must not fill the memory. */
const MAX_FIELDS = 500;

/** Longer names, and those with characters that no database's text can hold, are no fields that somebody reads. */
export function isFieldName(name: string): boolean {
  return name !== '' && name.length <= 256 && !/[\0\p{Cs}]/u.test(name);
}

/** Counts over the new and changed records of a read what their fields look like. Unchanged ones cost nothing. */
export class FieldStats {
  /** How many records were counted. */
  total = 0;
  readonly #valued: ReadonlySet<string>;
  readonly #fields = new Map<string, { present: number; types: Set<FieldType>; values: Set<string> }>();

  /** @param valued - fields whose values may be kept: those that no personal attribute reads. */
  constructor(valued: ReadonlySet<string> = new Set()) {
    this.#valued = valued;
  }

  note(raw: JsonObject): void {
    this.total += 1;
    for (const field of Object.keys(raw)) this.#noteField(field, raw[field]);
  }

  #noteField(name: string, value: Json | undefined): void {
    if (value === undefined || value === null || value === '') return;
    const field = this.#fields.get(name) ?? { present: 0, types: new Set(), values: new Set() };
    if (field.present === 0 && (this.#fields.size >= MAX_FIELDS || !isFieldName(name))) return;
    this.#fields.set(name, field);
    field.present += 1;
    field.types.add(typeOf(value));
    if (this.#valued.has(name) && field.values.size <= MAX_VALUES) field.values.add(textOf(value));
  }

  /** The fields that were met. */
  names(): string[] {
    return [...this.#fields.keys()];
  }

  of(name: string): FieldStat {
    const field = this.#fields.get(name);
    if (field === undefined) return { present: 0, total: this.total, types: [], values: null };
    const values = this.#valued.has(name) ? [...field.values].sort(byText) : null;
    return {
      present: field.present,
      total: this.total,
      types: [...field.types].sort(byText),
      values: values !== null && values.length > MAX_VALUES ? 'many' : values,
    };
  }
}

function typeOf(value: Exclude<Json, null>): FieldType {
  if (Array.isArray(value)) return 'list';
  switch (typeof value) {
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'string':
      return shapeOf(value);
    default:
      return 'object';
  }
}

function shapeOf(text: string): FieldType {
  if (/^\d{4}-\d{2}-\d{2}/.test(text)) return 'date text';
  return /^-?\d+([.,]\d+)?$/.test(text) ? 'number text' : 'text';
}

function textOf(value: Exclude<Json, null>): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What both showed together: the new measure of the field. */
export function mergeStats(before: FieldStat | undefined, now: FieldStat): FieldStat {
  if (before === undefined) return { ...now, values: keptValues(now.values, now.present) };
  return {
    present: before.present + now.present,
    total: before.total + now.total,
    types: [...new Set([...before.types, ...now.types])].sort(byText),
    values: mergeValues(before.values, now),
  };
}

function mergeValues(before: FieldStat['values'], now: FieldStat): FieldStat['values'] {
  if (before === null) return keptValues(now.values, now.present);
  if (before === 'many' || now.values === 'many') return 'many';
  return keptValues([...new Set([...before, ...(now.values ?? [])])].sort(byText), MIN_PRESENT);
}

function keptValues(values: FieldStat['values'], present: number): FieldStat['values'] {
  if (values === null || values === 'many') return values;
  if (values.length > MAX_VALUES) return 'many';
  return present < MIN_PRESENT ? null : values;
}
