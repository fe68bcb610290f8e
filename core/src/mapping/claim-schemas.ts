import type { Json } from '@rollcall/connector-kit';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Catalogue, CatalogueEntry } from '../model/catalogue.js';
import { isTimeZone } from '../model/time-zones.js';
import { compileRe2 } from './re2.js';

/** What is wrong with a claim, for people: never with its value. */
export interface ClaimFault {
  message: string;
  mend: string;
}

/** The JSON Schemas of a catalogue's claims, compiled when they are first needed. */
export class ClaimSchemas {
  // The catalogue's own schemas are checked by a test, a tenant's when its file is read.
  readonly #ajv = claimAjv({ validateSchema: false });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(private readonly catalogue: Catalogue) {}

  /** The first fault of a claim that is not null; null where it is in order. */
  faultOf(name: string, value: Json): ClaimFault | null {
    const entry = this.catalogue.get(name);
    if (entry === undefined)
      return { message: `There is no attribute "${name}".`, mend: 'Take it out of the mapping.' };
    return this.#faultFor(entry, value, CLAIMED);
  }

  /** The same for a value that a person gives as JSON, where no mapping is to blame. */
  faultOfGiven(name: string, value: Json): ClaimFault | null {
    const entry = this.catalogue.get(name);
    return entry === undefined ? null : this.#faultFor(entry, value, GIVEN);
  }

  #faultFor(entry: CatalogueEntry, value: Json, speech: Speech): ClaimFault | null {
    const validate = this.#validator(entry);
    return validate(value) ? null : faultOf(entry, validate.errors?.[0], speech);
  }

  #validator(entry: CatalogueEntry): ValidateFunction {
    const known = this.#compiled.get(entry.name);
    if (known !== undefined) return known;
    const compiled = this.#ajv.compile(entry.schema);
    this.#compiled.set(entry.name, compiled);
    return compiled;
  }
}

/** Ajv as claims are checked with: real calendar days, RE2 for every pattern, no other formats. */
export function claimAjv({ validateSchema }: { validateSchema: boolean } = { validateSchema: true }): Ajv2020 {
  const regExp = Object.assign((source: string, flags: string) => new Re2Test(source, flags), { code: 'RegExp' });
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, validateSchema, code: { regExp } });
  ajv.addFormat('date', { type: 'string', validate: isDate });
  ajv.addFormat('time-zone', { type: 'string', validate: isTimeZone });
  return ajv;
}

/** The part of `RegExp` that Ajv uses. */
class Re2Test {
  readonly #pattern: ReturnType<typeof compileRe2>;

  constructor(
    private readonly source: string,
    private readonly flags: string,
  ) {
    this.#pattern = compileRe2(source, flags);
  }

  /** Ajv tells patterns apart by this. */
  toString(): string {
    return `/${this.source}/${this.flags}`;
  }

  test(text: string): boolean {
    return this.#pattern.matcher(text).find();
  }
}

/** True for a day that the calendar has, written YYYY-MM-DD. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Formats of claims in words. */
const FORMATS: Readonly<Record<string, ClaimFault>> = {
  date: { message: 'is not a day of the calendar', mend: 'Give YYYY-MM-DD, or null where there is none.' },
  'time-zone': {
    message: 'is no time zone',
    mend: 'Give an IANA zone such as Europe/Berlin, or null where there is none.',
  },
};

/** How a fault is told to whoever can mend it. */
interface Speech {
  subject: string;
  /** Of a value that is none of the allowed ones. */
  choice: string;
  mendOf: (type: unknown) => string;
}

const CLAIMED: Speech = {
  subject: 'The claim of',
  choice: 'Map the value to one of',
  mendOf: (type) =>
    type === 'string'
      ? 'Let the expression give a text, as with $string(…).'
      : 'Change the expression so that the value fits.',
};

const GIVEN: Speech = {
  subject: 'The value of',
  choice: 'Give one of',
  mendOf: (type) => GIVEN_TYPES[String(type)] ?? 'Give a value that fits the attribute.',
};

const GIVEN_TYPES: Readonly<Record<string, string>> = {
  string: 'Give a text, which in JSON stands in double quotes.',
  boolean: 'Give true or false, without quotes.',
  number: 'Give a number, without quotes.',
  integer: 'Give a whole number, without quotes.',
  array: 'Give a list in square brackets.',
  object: 'Give an object in curly brackets.',
};

function faultOf(entry: CatalogueEntry, error: ErrorObject | undefined, speech: Speech): ClaimFault {
  const claim = `${speech.subject} ${placeOf(entry.name, error?.instancePath)}`;
  const params = (error?.params ?? {}) as { format?: unknown; allowedValues?: unknown[]; type?: unknown };
  const format = typeof params.format === 'string' ? FORMATS[params.format] : undefined;
  if (format !== undefined) return { message: `${claim} ${format.message}.`, mend: format.mend };
  if (params.allowedValues !== undefined) {
    const allowed = params.allowedValues.map((value) => String(value)).join(', ');
    return { message: `${claim} is none of ${allowed}.`, mend: `${speech.choice} ${allowed}.` };
  }
  return { message: `${claim} ${error?.message ?? 'is not allowed'}.`, mend: speech.mendOf(params.type) };
}

function placeOf(name: string, pointer = ''): string {
  return pointer === '' ? name : `${name} at ${pointer}`;
}
