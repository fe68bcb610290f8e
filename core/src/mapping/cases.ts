import type { Json, JsonObject, RollcallError } from '@rollcall/connector-kit';
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

/** One claim that a case wants. */
interface WantedClaim {
  value: Json;
  place: Place;
}

/** A record with what a mapping must make of it. */
export interface MappingCase {
  name: string;
  file: string;
  place: Place;
  given: JsonObject;
  sourceId: string | null;
  /** By the names of the catalogue; null where only an error is wanted. */
  expect: ReadonlyMap<string, WantedClaim> | null;
  error: { attribute: string; code: string } | null;
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
export function parseCases(text: string, options: { file: string; catalogue: Catalogue }): MappingCase[] {
  const yaml = new YamlText(text, options.file);
  throwAll([...yaml.errors, ...schemaCheck.errorsOf(yaml)]);
  const { cases } = yaml.value as { cases: WrittenCase[] };
  const reader = new CasesReader(yaml, options.catalogue);
  const read = cases.map((written, position) => reader.read(written, ['cases', position]));
  throwAll(reader.errors);
  return read;
}

class CasesReader {
  readonly errors: RollcallError[] = [];

  constructor(
    private readonly yaml: YamlText,
    private readonly catalogue: Catalogue,
  ) {}

  read({ name, given, sourceId, expect, error }: WrittenCase, path: Path): MappingCase {
    const wanted = new Map<string, WantedClaim>();
    if (expect !== undefined) this.#flatten(expect, '', [...path, 'expect'], wanted);
    if (error !== undefined && !this.catalogue.has(error.attribute)) {
      this.#unknown(error.attribute, this.yaml.valuePlace([...path, 'error', 'attribute']));
    }
    return {
      name,
      file: this.yaml.file,
      place: this.yaml.valuePlace([...path, 'name']),
      given,
      sourceId: sourceId ?? null,
      expect: expect === undefined ? null : wanted,
      error: error ?? null,
    };
  }

  /** `employment: { status: active }` and `employment.status: active` are the same. */
  #flatten(part: JsonObject, prefix: string, path: Path, wanted: Map<string, WantedClaim>): void {
    for (const [key, value] of Object.entries(part)) {
      const name = `${prefix}${key}`;
      const at = [...path, key];
      const isInner = typeof value === 'object' && value !== null && !Array.isArray(value);
      if (this.catalogue.has(name)) wanted.set(name, { value, place: this.yaml.valuePlace(at) });
      else if (isInner && [...this.catalogue.keys()].some((known) => known.startsWith(`${name}.`)))
        this.#flatten(value, `${name}.`, at, wanted);
      else this.#unknown(name, this.yaml.keyPlace(at));
    }
  }

  #unknown(name: string, place: Place): void {
    const mend = didYouMean(name, this.catalogue.keys(), 'Attributes');
    this.errors.push(
      this.yaml.errorAt(place, 'RC_MAPPING_UNKNOWN_ATTRIBUTE', `There is no attribute "${name}".`, mend),
    );
  }
}

/** Maps every case's record and tells what comes out differently. */
export async function runCases(
  cases: readonly MappingCase[],
  mapping: CompiledMapping,
  options: { catalogue: Catalogue },
): Promise<Finding[]> {
  const mapped = await mapBatch(
    cases.map(({ given }) => ({ raw: given })),
    mapping,
    { catalogue: options.catalogue, vanished: new Set() },
  );
  const reader = sourceIdReader(mapping);
  const findings: Finding[] = [];
  for (const [position, wanted] of cases.entries()) {
    const claims = mapped[position]?.claims ?? new Map<string, MappedClaim>();
    findings.push(...sourceIdFindings(wanted, wanted.sourceId === null ? null : await reader.read(wanted.given)));
    findings.push(...errorFindings(wanted, claims), ...claimFindings(wanted, claims));
  }
  return [...findings, ...uncoveredDates(cases, mapping, options.catalogue)];
}

function sourceIdFindings(wanted: MappingCase, got: string | null | undefined): Finding[] {
  if (wanted.sourceId === null || wanted.sourceId === got) return [];
  return [
    failed(
      wanted,
      wanted.place,
      `the source id is ${got === undefined ? 'unreadable' : shown(got)}, expected ${shown(wanted.sourceId)}`,
    ),
  ];
}

function errorFindings(wanted: MappingCase, claims: ReadonlyMap<string, MappedClaim>): Finding[] {
  if (wanted.error === null) return [];
  const { attribute, code } = wanted.error;
  const got = claims.get(attribute);
  if (got !== undefined && 'error' in got && got.error.code === code) return [];
  return [failed(wanted, wanted.place, `${attribute} ${outcome(got)}, expected it to fail with ${code}`)];
}

function claimFindings(wanted: MappingCase, claims: ReadonlyMap<string, MappedClaim>): Finding[] {
  if (wanted.expect === null) return [];
  const findings: Finding[] = [];
  for (const [attribute, { value, place }] of wanted.expect) {
    const got = claims.get(attribute);
    const isEqual = got !== undefined && 'value' in got && canonicalText(got.value) === canonicalText(value);
    if (!isEqual) findings.push(failed(wanted, place, `${attribute} ${outcome(got)}, expected ${shown(value)}`));
  }
  for (const [attribute, got] of claims) {
    if (wanted.expect.has(attribute) || isExpectedError(wanted, attribute, got)) continue;
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
function uncoveredDates(cases: readonly MappingCase[], mapping: CompiledMapping, catalogue: Catalogue): Finding[] {
  const file = cases[0]?.file;
  if (file === undefined) return [];
  const dates = [...mapping.attributes.keys()].filter((name) => catalogue.get(name)?.schema.format === 'date');
  return dates
    .filter((name) => !cases.some(({ expect }) => typeof expect?.get(name)?.value === 'string'))
    .map((name) => ({
      severity: 'warning',
      code: 'RC_MAPPING_DATE_UNCOVERED',
      message: `No case shows a date in ${name}.`,
      where: { file, line: 1, column: 1 },
      mend: `Add a case that expects a date in ${name}, another one than in the other dates.`,
    }));
}
