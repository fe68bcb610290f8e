import type { Json, JsonObject } from '@rollcall/connector-kit';
import type { Catalogue, CatalogueEntry } from '../model/catalogue.js';
import type { AttributeName, UnknownCause } from '../model/claims.js';
import { normalText } from '../model/compare.js';
import { ClaimSchemas } from './claim-schemas.js';
import { ExpressionFailure } from './evaluator.js';
import type { CompiledExpression, CompiledMapping } from './mapping-file.js';

/** What a record claims of one attribute (null: it is empty), or why that cannot be known. */
export type MappedClaim = { readonly value: Json } | { readonly error: UnknownCause };

/** The claims of one record; an attribute that is not there is one of which the record says nothing. */
export interface MappedRecord {
  readonly claims: ReadonlyMap<AttributeName, MappedClaim>;
}

/** What mapping needs beside records and mapping. */
export interface MapOptions {
  catalogue: Catalogue;
  /** Columns that the last accepted read had and this one lacks. */
  vanished: ReadonlySet<string>;
  signal?: AbortSignal;
}

const SLICE = 250;

const schemasByCatalogue = new WeakMap<Catalogue, ClaimSchemas>();

/** Maps records in their order: one bad attribute withholds nothing of the others. */
export async function mapBatch(
  records: readonly { readonly raw: JsonObject }[],
  mapping: CompiledMapping,
  options: MapOptions,
): Promise<MappedRecord[]> {
  const mapper = new RecordMapper(mapping, options);
  const mapped: MappedRecord[] = [];
  for (const [position, { raw }] of records.entries()) {
    if (position > 0 && position % SLICE === 0) {
      await new Promise((resolve) => setImmediate(resolve));
      options.signal?.throwIfAborted();
    }
    mapped.push(await mapper.map(raw));
  }
  return mapped;
}

/** The compiled schemas of a catalogue: one set as long as the catalogue lives. */
function schemasOf(catalogue: Catalogue): ClaimSchemas {
  const known = schemasByCatalogue.get(catalogue) ?? new ClaimSchemas(catalogue);
  schemasByCatalogue.set(catalogue, known);
  return known;
}

interface Step {
  name: AttributeName;
  entry: CatalogueEntry;
  expression: CompiledExpression;
  /** Set where the expression reads a vanished column. */
  vanished: MappedClaim | null;
}

class RecordMapper {
  readonly #schemas: ClaimSchemas;
  readonly #steps: readonly Step[];

  constructor(mapping: CompiledMapping, options: MapOptions) {
    this.#schemas = schemasOf(options.catalogue);
    this.#steps = [...mapping.attributes].flatMap(([name, expression]) => {
      const entry = options.catalogue.get(name);
      return entry === undefined
        ? []
        : [{ name, entry, expression, vanished: vanishedClaim(expression, options.vanished) }];
    });
  }

  async map(raw: JsonObject): Promise<MappedRecord> {
    const claims = new Map<AttributeName, MappedClaim>();
    for (const step of this.#steps) {
      const given = step.vanished ?? this.#claim(step, raw);
      const claim = given instanceof Promise ? await given : given;
      if (claim !== undefined) claims.set(step.name, claim);
    }
    return { claims };
  }

  /** At once where the expression is a plain field. */
  #claim(step: Step, raw: JsonObject): MappedClaim | undefined | Promise<MappedClaim | undefined> {
    try {
      const given = step.expression.evaluated.evaluate(raw);
      if (!(given instanceof Promise)) return this.#claimed(step, given);
      return given.then(
        (value) => this.#claimed(step, value),
        (error: unknown) => failed(step, error),
      );
    } catch (error) {
      return failed(step, error);
    }
  }

  #claimed(step: Step, value: Json | undefined): MappedClaim | undefined {
    return value === undefined ? undefined : this.#checked(step, normalized(step.entry, value));
  }

  #checked(step: Step, value: Json): MappedClaim {
    if (value === null) return { value };
    const fault = hasUnstorable(value)
      ? {
          message: `The claim of ${step.name} holds a character that cannot be stored.`,
          mend: 'Mend the text at its source.',
        }
      : this.#schemas.faultOf(step.name, value);
    if (fault === null) return { value };
    return unknown(step.expression, 'schema', 'RC_CLAIM_INVALID', fault.message, fault.mend);
  }
}

function failed(step: Step, error: unknown): MappedClaim {
  if (!(error instanceof ExpressionFailure)) throw error;
  return unknown(step.expression, 'expression', error.code, error.message, error.mend);
}

function vanishedClaim(expression: CompiledExpression, vanished: ReadonlySet<string>): MappedClaim | null {
  const { reads } = expression;
  const gone = [...vanished].filter((column) => reads === 'all' || reads.has(column));
  if (gone.length === 0) return null;
  const columns = gone.map((column) => `"${column}"`).join(', ');
  return unknown(
    expression,
    'column',
    'RC_COLUMN_VANISHED',
    `The column ${columns} is not there any more.`,
    'Bring it back at the source, or change the mapping.',
  );
}

function unknown(
  expression: CompiledExpression,
  because: UnknownCause['because'],
  code: UnknownCause['code'],
  message: string,
  mend: string,
): MappedClaim {
  return { error: { code, message, mend, line: expression.line, because } };
}

/** Texts in form NFC without outer white space; a single value of a set as a set; an empty text as "it is empty". */
function normalized(entry: CatalogueEntry, value: Json): Json {
  const isMany = entry.shape === 'set' || entry.shape === 'groups';
  const wrapped = isMany && value !== null && !Array.isArray(value) ? [value] : value;
  const normal = normalTexts(wrapped);
  return normal === '' && isFreeText(entry) ? null : normal;
}

/** An empty text where one of a fixed list is due is no claim of emptiness: it is a value that nobody foresaw. */
function isFreeText(entry: CatalogueEntry): boolean {
  return entry.shape === 'single' && entry.schema.type === 'string' && entry.schema.enum === undefined;
}

function normalTexts(value: Json): Json {
  if (typeof value === 'string') return normalText(value);
  if (Array.isArray(value)) return value.map(normalTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, normalTexts(item)]));
}

/** NUL and halves of surrogate pairs: databases refuse them. */
function hasUnstorable(value: Json): boolean {
  if (typeof value === 'string') return /[\0\p{Cs}]/u.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasUnstorable);
}
