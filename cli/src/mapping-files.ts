import type { Catalogue, CompiledMapping, Finding, Json, JsonObject, MappingOptions } from '@rollcall/core';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { findRoot, onlyTenant, type ProjectChoice } from './project.js';
import { UsageError } from './usage-error.js';

/** What a mapping makes of one record. */
export interface Evaluation {
  mapping: { name: string; kind: string; version: string; file: string };
  sourceId: string | null;
  attributes: Record<string, { value: Json } | { error: unknown }>;
}

/** A mapping file that a command line names, with all that is needed to read it. */
export interface MappingFile {
  text: string;
  options: MappingOptions;
  catalogue: Catalogue;
  /** The cases beside it: `hr.test.yaml` for `hr.yaml`. */
  cases: { file: string; text: string | null };
}

/** Reads the file, and the attributes that its project's tenant declares; outside of a project there are no custom ones. */
export async function openMapping(typed: string, choice: ProjectChoice): Promise<MappingFile> {
  const core = await import('@rollcall/core');
  const root = await findRoot(choice);
  const catalogue = root === null ? core.catalogueOf() : await catalogueIn(root, choice.tenant);
  const text = await readTyped(typed);
  const cases = typed.replace(/(\.yaml|\.yml|\.jsonata)?$/, '.test.yaml');
  const file = shownPath(typed, root);
  return {
    text,
    catalogue,
    options: {
      file,
      catalogue,
      evaluator: new core.Interpreter(),
      hash: (input) => createHash('sha256').update(input).digest('hex'),
    },
    cases: { file: shownPath(cases, root), text: await readFile(cases, 'utf8').catch(() => null) },
  };
}

async function catalogueIn(root: string, tenant: string | undefined): Promise<Catalogue> {
  const core = await import('@rollcall/core');
  const tenants = await core.readCustomAttributes(root);
  const names = tenants.map((each) => each.tenant);
  const chosen = tenant ?? onlyTenant(names);
  const found = tenants.find((each) => each.tenant === chosen);
  if (found === undefined)
    throw new UsageError(
      'RC_USAGE_TENANT_UNKNOWN',
      `This project has no tenant "${chosen}".`,
      `Name one of: ${names.join(', ')}.`,
    );
  return core.catalogueOf(found.custom);
}

/** Paths as the project's people write them: relative to its folder, where the file is in it. */
function shownPath(typed: string, root: string | null): string {
  if (root === null) return typed;
  const fromRoot = path.relative(root, path.resolve(typed));
  return fromRoot.startsWith('..') || path.isAbsolute(fromRoot) ? typed : fromRoot.split(path.sep).join('/');
}

/** The text of a file that a command line names. */
export async function readTyped(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const { RollcallError } = await import('@rollcall/core');
    const { code } = cause as NodeJS.ErrnoException;
    throw new RollcallError('RC_FILE_NOT_FOUND', 1, 'stop', {
      what: code === 'ENOENT' ? 'There is no such file.' : `The file cannot be read (${code ?? 'unknown reason'}).`,
      where: { file },
      mend: 'Check the path; it is relative to the folder you are in.',
      cause,
    });
  }
}

/** All that is wrong or doubtful in a mapping file. */
export async function lintMapping(mapping: MappingFile): Promise<Finding[]> {
  const { lintMappingText } = await import('@rollcall/core');
  return lintMappingText(mapping.text, mapping.options);
}

/** Runs the cases beside a mapping file: those that failed, and how many there are. */
export async function testMapping(mapping: MappingFile): Promise<{ findings: Finding[]; cases: number }> {
  const { parseCases, parseMapping, runCases } = await import('@rollcall/core');
  const { file, text } = mapping.cases;
  if (text === null) {
    const finding: Finding = {
      severity: 'error',
      code: 'RC_MAPPING_CASES_MISSING',
      message: 'This mapping has no cases.',
      where: { file },
      mend: 'Write that file: cases: [{ name, given: {…}, expect: {…} }]',
    };
    return { findings: [finding], cases: 0 };
  }
  const cases = parseCases(text, { file });
  const compiled = parseMapping(mapping.text, mapping.options);
  return { findings: await runCases(cases, compiled, { catalogue: mapping.catalogue, file }), cases: cases.length };
}

/** What the mapping makes of one raw record. */
export async function evaluateMapping(mapping: MappingFile, raw: JsonObject): Promise<Evaluation> {
  const { mapBatch, parseMapping, sourceIdReader } = await import('@rollcall/core');
  const compiled: CompiledMapping = parseMapping(mapping.text, mapping.options);
  const [record] = await mapBatch([{ raw }], compiled, { catalogue: mapping.catalogue, vanished: new Set() });
  const claims = [...(record?.claims ?? [])].map(([name, claim]): [string, Evaluation['attributes'][string]] => [
    name,
    'error' in claim ? { error: claim.error } : { value: claim.value },
  ]);
  const { name, kind, version, file } = compiled;
  return {
    mapping: { name, kind, version, file },
    sourceId: (await sourceIdReader(compiled).read(raw)) ?? null,
    attributes: Object.fromEntries(claims),
  };
}

/** A raw record that a command line names, as JSON. */
export async function readRecord(file: string): Promise<JsonObject> {
  const text = await readTyped(file);
  const { RollcallError } = await import('@rollcall/core');
  const invalid = (what: string, cause?: unknown): Error =>
    new RollcallError('RC_RECORD_INVALID', 1, 'stop', {
      what,
      where: { file },
      mend: 'Write one record as a JSON object: {"employee_id": "E1001"}',
      cause,
    });
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (cause) {
    throw invalid('The record is not JSON.', cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid('The record is not a JSON object.');
  return value;
}
