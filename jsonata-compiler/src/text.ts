import { fail } from './errors.js';
import type { Run } from './run.js';
import { isArray, isFunction, isRecord, OUTER, setOwn, type JsonObject } from './values.js';

/** JSONata's cast to string; a string stays, a function is empty, the rest is JSON with 15 significant digits. */
export function toText(value: unknown, run: Run, isPretty = false): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || value === null) return String(value);
  if (typeof value === 'number') return numberText(value);
  if (isFunction(value)) return '';
  const writer = new Writer(run, isPretty);
  writer.write(isArray(value) && value[OUTER] === true ? value[0] : value, '');
  return writer.text;
}

function numberText(value: number): string {
  if (Number.isNaN(value)) fail('D3001');
  if (!Number.isFinite(value)) fail('D3001');
  return jsonNumber(value);
}

/** A number as JSON writes it, after the interpreter's rounding. */
function jsonNumber(value: number): string {
  if (Number.isNaN(value)) return 'null';
  if (!Number.isFinite(value)) fail('D1001');
  return JSON.stringify(Number.isInteger(value) ? value : Number(value.toPrecision(15)));
}

/** Writes JSON within the budgets: depth, so that cycles end; characters, as they are written. */
class Writer {
  text = '';
  readonly #run: Run;
  readonly #isPretty: boolean;

  constructor(run: Run, isPretty: boolean) {
    this.#run = run;
    this.#isPretty = isPretty;
  }

  write(value: unknown, indent: string): void {
    if (isArray(value)) this.#writeItems(value, indent);
    else if (isRecord(value)) this.#writeMembers(value, indent);
    else this.#add(scalarText(value));
  }

  #add(text: string): void {
    this.text += text;
    if (this.text.length > this.#run.maxString) fail('BUDGET_STRING');
    this.#run.spend(1 + (text.length >>> 5));
  }

  #writeItems(items: readonly unknown[], indent: string): void {
    const inner = indent + '  ';
    this.#run.enter();
    this.#add('[');
    for (const [index, item] of items.entries()) {
      this.#separate(index === 0, inner);
      this.write(item === undefined ? null : item, inner);
    }
    this.#close(items.length === 0, indent, ']');
    this.#run.leave();
  }

  #writeMembers(record: JsonObject, indent: string): void {
    const inner = indent + '  ';
    const members = Object.entries(record).filter(([, value]) => value !== undefined);
    this.#run.enter();
    this.#add('{');
    for (const [index, [key, value]] of members.entries()) {
      this.#separate(index === 0, inner);
      this.#add(JSON.stringify(key) + (this.#isPretty ? ': ' : ':'));
      this.write(value, inner);
    }
    this.#close(members.length === 0, indent, '}');
    this.#run.leave();
  }

  #separate(isFirst: boolean, inner: string): void {
    if (!isFirst) this.#add(',');
    if (this.#isPretty) this.#add('\n' + inner);
  }

  #close(isEmpty: boolean, indent: string, bracket: string): void {
    this.#add(this.#isPretty && !isEmpty ? `\n${indent}${bracket}` : bracket);
  }
}

function scalarText(value: unknown): string {
  if (typeof value === 'number') return jsonNumber(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean') return String(value);
  return isFunction(value) ? '""' : 'null';
}

/** What `JSON.parse` would make of the text of `value`: a copy that shares nothing. */
export function copyJson(value: unknown, run: Run): unknown {
  run.step();
  if (isArray(value)) return copyItems(value, run);
  if (isRecord(value)) return copyMembers(value, run);
  if (typeof value === 'number') return JSON.parse(jsonNumber(value)) as unknown;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  return isFunction(value) ? '' : null;
}

function copyItems(items: readonly unknown[], run: Run): unknown[] {
  run.enter();
  const copy = items.map((item) => copyJson(item, run));
  run.leave();
  return copy;
}

function copyMembers(record: JsonObject, run: Run): JsonObject {
  run.enter();
  const copy: JsonObject = {};
  for (const [key, value] of Object.entries(record)) {
    if (value !== undefined) setOwn(copy, key, copyJson(value, run));
  }
  run.leave();
  return copy;
}
