import type { Json, JsonObject } from '@rollcall/connector-kit';
import type { Catalogue } from '../model/catalogue.js';
import { canonicalText } from '../model/compare.js';
import { throwAll, type Finding } from '../rules/finding.js';
import { didYouMean } from '../rules/nearest-name.js';
import { SchemaCheck } from '../rules/schema-check.js';
import { YamlText, type Path, type Place } from '../rules/yaml-text.js';
import { casesSchema } from './cases-schema.js';
import { mapBatch, type MappedClaim } from './map-batch.js';
import type { CompiledMapping } from './mapping-file.js';
import { sourceIdReader } from './source-id.js';

/** A record with what a mapping must make of it. */
export interface MappingCase {
  name: string;
  file: string;
  place: Place;
  given: JsonObject;
  sourceId: string | null;
  /** By the names of the catalogue or nested; null where only an error is wanted. */
  expect: JsonObject | null;
  error: { attribute: string; code: string } | null;
  /** The place of a part of the case in its file. */
  placeOf(path: Path): Place;
}

/** One claim that a case wants. */
interface WantedClaim {
  value: Json;
  place: Place;
}

interface WrittenCase {
  name: string;
  given: JsonObject;
  sourceId?: string;
  expect?: JsonObject;
  error?: { attribute: string; code: string };
}

const schemaCheck = new SchemaCheck(casesSchema);

/**
 * Reads a file of cases, `NAME.test.yaml`.
 *
 * @throws {RollcallError} with exit code 78; all findings are in `errors`.
 */
export function parseCases(text: string, options: { file: string }): MappingCase[] {
  const yaml = new YamlText(text, options.file);
  throwAll([...yaml.errors, ...schemaCheck.errorsOf(yaml)]);
  const { cases } = yaml.value as { cases: WrittenCase[] };
  return cases.map(({ name, given, sourceId, expect, error }, position) => ({
    name,
    file: options.file,
    place: yaml.valuePlace(['cases', position, 'name']),
    given,
    sourceId: sourceId ?? null,
    expect: expect ?? null,
    error: error ?? null,
    placeOf: (path) => yaml.keyPlace(['cases', position, ...path]),
  }));
}

/**
 * Maps every case's record and tells what comes out differently.
 *
 * @param options.file - the file of the cases, where there is none of them to tell it.
 */
export async function runCases(
  cases: readonly MappingCase[],
  mapping: CompiledMapping,
  options: { catalogue: Catalogue; file?: string },
): Promise<Finding[]> {
  const { catalogue } = options;
  const records = cases.map(({ given }) => ({ raw: given }));
  const mapped = await mapBatch(records, mapping, { catalogue, vanished: new Set() });
  const reader = sourceIdReader(mapping);
  const findings: Finding[] = [];
  for (const [position, wanted] of cases.entries()) {
    const claims = mapped[position]?.claims ?? new Map<string, MappedClaim>();
    const expectation = new Expectation(wanted, catalogue);
    findings.push(
      ...expectation.findings,
      ...errorFindings(wanted, claims),
      ...claimFindings(wanted, expectation.claims, claims),
    );
    if (wanted.sourceId !== null) findings.push(...sourceIdFindings(wanted, await reader.read(wanted.given)));
  }
  const file = cases[0]?.file ?? options.file;
  return file === undefined ? findings : [...findings, ...uncoveredDates(file, cases, mapping, catalogue)];
}

/** What a case expects, by the names of the catalogue: `employment: { status: active }` is `employment.status: active`. */
class Expectation {
  readonly claims = new Map<string, WantedClaim>();
  readonly findings: Finding[] = [];

  constructor(
    private readonly wanted: MappingCase,
    private readonly catalogue: Catalogue,
  ) {
    this.#flatten(wanted.expect ?? {}, '', ['expect']);
    if (wanted.error !== null && !catalogue.has(wanted.error.attribute))
      this.#unknown(wanted.error.attribute, ['error', 'attribute']);
  }

  #flatten(part: JsonObject, prefix: string, path: Path): void {
    for (const [key, value] of Object.entries(part)) {
      const name = `${prefix}${key}`;
      const at = [...path, key];
      const isInner = typeof value === 'object' && value !== null && !Array.isArray(value);
      if (this.catalogue.has(name)) this.claims.set(name, { value, place: this.wanted.placeOf(at) });
      else if (isInner && this.#hasBelow(name)) this.#flatten(value, `${name}.`, at);
      else this.#unknown(name, at);
    }
  }

  #hasBelow(name: string): boolean {
    return [...this.catalogue.keys()].some((known) => known.startsWith(`${name}.`));
  }

  #unknown(name: string, path: Path): void {
    this.findings.push({
      severity: 'error',
      code: 'RC_MAPPING_UNKNOWN_ATTRIBUTE',
      message: `There is no attribute "${name}".`,
      where: { file: this.wanted.file, ...this.wanted.placeOf(path) },
      mend: didYouMean(name, this.catalogue.keys(), 'Attributes'),
    });
  }
}

function sourceIdFindings(wanted: MappingCase, got: string | undefined): Finding[] {
  if (wanted.sourceId === got) return [];
  const found = got === undefined ? 'unreadable' : shown(got);
  return [failed(wanted, wanted.place, `the source id is ${found}, expected ${shown(wanted.sourceId)}`)];
}

function errorFindings(wanted: MappingCase, claims: ReadonlyMap<string, MappedClaim>): Finding[] {
  if (wanted.error === null) return [];
  const { attribute, code } = wanted.error;
  const got = claims.get(attribute);
  if (got !== undefined && 'error' in got && got.error.code === code) return [];
  return [failed(wanted, wanted.place, `${attribute} ${outcome(got)}, expected it to fail with ${code}`)];
}

function claimFindings(
  wanted: MappingCase,
  expected: ReadonlyMap<string, WantedClaim>,
  claims: ReadonlyMap<string, MappedClaim>,
): Finding[] {
  if (wanted.expect === null) return [];
  const findings: Finding[] = [];
  for (const [attribute, { value, place }] of expected) {
    const got = claims.get(attribute);
    const isEqual = got !== undefined && 'value' in got && canonicalText(got.value) === canonicalText(value);
    if (!isEqual) findings.push(failed(wanted, place, `${attribute} ${outcome(got)}, expected ${shown(value)}`));
  }
  for (const [attribute, got] of claims) {
    if (expected.has(attribute) || isExpectedError(wanted, attribute, got)) continue;
    findings.push(failed(wanted, wanted.place, `${attribute} ${outcome(got)}, and the case does not expect it`));
  }
  return findings;
}

/** What makes one attribute unknown often makes others unknown beside it: the case names one of them. */
function isExpectedError(wanted: MappingCase, attribute: string, got: MappedClaim): boolean {
  return wanted.error !== null && (wanted.error.attribute === attribute || 'error' in got);
}

function outcome(got: MappedClaim | undefined): string {
  if (got === undefined) return 'says nothing';
  return 'error' in got ? `fails with ${got.error.code}` : `is ${shown(got.value)}`;
}

function shown(value: Json): string {
  return JSON.stringify(value);
}

function failed(wanted: MappingCase, place: Place, difference: string): Finding {
  const where = { file: wanted.file, ...place };
  const mend = 'Correct the mapping, or the case.';
  return { severity: 'error', code: 'RC_MAPPING_CASE_FAILED', message: `${wanted.name}: ${difference}.`, where, mend };
}

/** A date that no case shows is the date that is filled with another column one day (NangoHQ/integration-templates#526). */
function uncoveredDates(
  file: string,
  cases: readonly MappingCase[],
  mapping: CompiledMapping,
  catalogue: Catalogue,
): Finding[] {
  const expectations = cases.map((wanted) => new Expectation(wanted, catalogue).claims);
  const dates = [...mapping.attributes.keys()].filter((name) => catalogue.get(name)?.schema.format === 'date');
  return dates
    .filter((name) => !expectations.some((expected) => typeof expected.get(name)?.value === 'string'))
    .map((name) => ({
      severity: 'warning',
      code: 'RC_MAPPING_DATE_UNCOVERED',
      message: `No case shows a date in ${name}.`,
      where: { file, line: 1, column: 1 },
      mend: `Add a case that expects a date in ${name}, another one than in the other dates.`,
    }));
}
