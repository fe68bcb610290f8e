import type {
  Catalogue,
  CompiledMapping,
  Finding,
  Json,
  JsonObject,
  MappingOptions,
  ProjectConfiguration,
} from '@rollcall/core';
import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { chosenTenants, findRoot, onlyTenant, openConfiguration, readKey, type ProjectChoice } from './project.js';

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
  /** What is wrong with the project around it; its custom attributes are then not known. */
  problems: readonly Finding[];
  /** The cases beside it: `hr.test.yaml` for `hr.yaml`. */
  cases: { file: string; text: string | null };
}

/** Reads the file, and the attributes that its project's tenant declares; outside of a project there are no custom ones. */
export async function openMapping(typed: string, choice: ProjectChoice): Promise<MappingFile> {
  const { CompiledEvaluator } = await import('@rollcall/core');
  const root = await findRoot(choice);
  const { catalogue, problems } = await catalogueFor(root, choice);
  const { file, text, cases } = typed.startsWith('@')
    ? await readFromPackage(typed, root)
    : await readFromDisk(typed, root);
  return {
    text,
    catalogue,
    problems,
    options: { file, catalogue, evaluator: new CompiledEvaluator(), hash: sha256 },
    cases,
  };
}

type Named = Pick<MappingFile, 'text' | 'cases'> & { file: string };

/** A path is relative to the folder that one is in, else to the project, as `mappings:` has it. */
async function readFromDisk(typed: string, root: string | null): Promise<Named> {
  const inProject = root === null ? typed : path.resolve(root, typed);
  const absolute = !(await isThere(typed)) && (await isThere(inProject)) ? inProject : typed;
  const text = await readTyped(absolute);
  const cases = casesOf(absolute);
  return {
    file: shownPath(absolute, root),
    text,
    cases: { file: shownPath(cases, root), text: await readFile(cases, 'utf8').catch(() => null) },
  };
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** A mapping that a package brings; a name without a file means the one of users, where there is one. */
async function readFromPackage(typed: string, root: string | null): Promise<Named> {
  const { packageFileOf, ProjectFiles } = await import('@rollcall/core/project');
  const files = new ProjectFiles(root ?? process.cwd(), [import.meta.url]);
  for (const kind of ['user', 'group']) {
    const found = await files.readFromPackage(packageFileOf(typed, kind));
    if (found === null) continue;
    const cases = casesOf(found.file);
    return { ...found, cases: { file: cases, text: (await files.readFromPackage(cases))?.text ?? null } };
  }
  const { RollcallError } = await import('@rollcall/core/errors');
  throw new RollcallError('RC_FILE_NOT_FOUND', 1, 'stop', {
    what: `No package brings the mapping ${typed}.`,
    where: { file: typed },
    mend: 'Install the package in the project, or correct the name: @rollcall/mappings/hr-csv.',
  });
}

/** `hr.test.yaml` for `hr.yaml`. */
function casesOf(file: string): string {
  return file.replace(/(\.yaml|\.yml|\.jsonata)?$/, '.test.yaml');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A project that cannot be read must not keep anybody from mending the mapping that may be the cause. */
async function catalogueFor(
  root: string | null,
  choice: ProjectChoice,
): Promise<Pick<MappingFile, 'catalogue' | 'problems'>> {
  const { catalogueOf, isRollcallError } = await import('@rollcall/core');
  if (root === null) return { catalogue: catalogueOf(), problems: [] };
  let configuration: ProjectConfiguration;
  try {
    configuration = await openConfiguration(choice);
  } catch (error) {
    if (!isRollcallError(error)) throw error;
    const { code, message, where, mend } = error;
    return { catalogue: catalogueOf(), problems: [{ severity: 'warning', code, message, where, mend }] };
  }
  await readKey(configuration, choice.env);
  const tenant = onlyTenant(chosenTenants(configuration, choice.tenant));
  const found = configuration.tenants.find((each) => each.tenant === tenant);
  return { catalogue: found?.catalogue ?? catalogueOf(), problems: [] };
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
    const { RollcallError } = await import('@rollcall/core/errors');
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
  const findings = lintMappingText(mapping.text, mapping.options);
  if (mapping.problems.length === 0) return findings;
  const { file } = mapping.options;
  const elsewhere = mapping.problems.filter((problem) => problem.where.file !== file);
  return [...findings.filter((finding) => !isAboutCustom(finding)), ...elsewhere];
}

function isAboutCustom({ code, message }: Finding): boolean {
  return code === 'RC_MAPPING_UNKNOWN_ATTRIBUTE' && message.includes('"custom.');
}

/** Runs the cases beside a mapping file: what is wrong with it or failed, and how many cases there are. */
export async function testMapping(mapping: MappingFile): Promise<{ findings: Finding[]; cases: number }> {
  const { isRollcallError, parseCases, parseMapping, runCases } = await import('@rollcall/core');
  const { cases, catalogue, options } = mapping;
  if (cases.text === null) return { findings: [casesMissing(cases.file)], cases: 0 };
  try {
    const read = parseCases(cases.text, { file: cases.file });
    const findings = await runCases(read, parseMapping(mapping.text, options), { catalogue, file: cases.file });
    return { findings, cases: read.length };
  } catch (error) {
    if (!isRollcallError(error)) throw error;
    const errors = error.errors.length === 0 ? [error] : error.errors;
    const findings = errors.map(({ code, message, where, mend }): Finding => ({
      severity: 'error',
      code,
      message,
      where,
      mend,
    }));
    return { findings, cases: 0 };
  }
}

function casesMissing(file: string): Finding {
  return {
    severity: 'error',
    code: 'RC_MAPPING_CASES_MISSING',
    message: 'This mapping has no cases.',
    where: { file },
    mend: 'Write that file: cases: [{ name, given: {…}, expect: {…} }]',
  };
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
  const { RollcallError } = await import('@rollcall/core/errors');
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
