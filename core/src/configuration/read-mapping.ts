import { createHash } from 'node:crypto';
import type { Evaluator } from '../mapping/evaluator.js';
import { parseMapping, type CompiledMapping } from '../mapping/mapping-file.js';
import type { Catalogue } from '../model/catalogue.js';
import { fileError } from '../rules/finding.js';
import type { Path, YamlText } from '../rules/yaml-text.js';
import type { FoundFile, ProjectFiles } from './project-files.js';

/** A directory's mapping of one kind. */
export interface MappingConfiguration {
  /** As people are told: `mappings/hr.yaml`. */
  file: string;
  text: string;
  mapping: CompiledMapping;
}

/** What mappings are read with. */
export interface MappingSources {
  files: ProjectFiles;
  evaluator: Evaluator;
  catalogue: Catalogue;
}

/** sha256 of a text, in hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Reads the mapping that a tenant file names at a place.
 *
 * @throws {RollcallError} with exit code 78.
 */
export async function readMapping(
  kind: 'user' | 'group',
  named: string,
  tenant: { yaml: YamlText; path: Path },
  { files, evaluator, catalogue }: MappingSources,
): Promise<MappingConfiguration> {
  const place = { file: tenant.yaml.file, ...tenant.yaml.valuePlace(tenant.path) };
  const found = await findMapping(kind, named, tenant.yaml.file, files);
  if (found === null) {
    throw fileError(
      'RC_MAPPING_NOT_FOUND',
      `The mapping ${named} is not there.`,
      place,
      mendOf(named, tenant.yaml.file),
    );
  }
  const mapping = parseMapping(found.text, { file: found.file, evaluator, catalogue, hash: sha256 });
  if (mapping.kind !== kind) {
    throw fileError(
      'RC_MAPPING_KIND',
      `${found.file} maps ${mapping.kind} records, not ${kind} records.`,
      place,
      `Name it under ${mapping.kind}:.`,
    );
  }
  return { ...found, mapping };
}

async function findMapping(
  kind: string,
  named: string,
  holder: string,
  files: ProjectFiles,
): Promise<FoundFile | null> {
  if (!named.startsWith('@')) return files.read(named, holder);
  return files.readFromPackage(packageFileOf(named, kind));
}

/** The file that a name such as `@rollcall/mappings/hr-csv` means for a kind of records. */
export function packageFileOf(named: string, kind: string): string {
  const isFile = named.endsWith('.yaml') || named.endsWith('.jsonata');
  return isFile ? named : `${named}/${kind}.yaml`;
}

function mendOf(named: string, holder: string): string {
  return named.startsWith('@')
    ? 'Install the package in the project, or correct its name.'
    : `Write the file, or correct the path: it is relative to ${holder}, else to the project.`;
}
