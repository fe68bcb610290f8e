import { isScalar } from 'yaml';
import { fileError } from '../rules/finding.js';
import type { YamlText } from '../rules/yaml-text.js';
import type { ProjectFiles } from './project-files.js';

/** A rules document as text, with where it begins. */
export interface RulesText {
  text: string;
  file: string;
  line: number;
}

/**
 * The rules of a tenant file as a text of their own: the part under `rules:`, or the file that it names. The part keeps
 * its lines and columns, so that places found in it are places of the file.
 *
 * @throws {RollcallError} with exit code 78.
 */
export async function rulesTextOf(yaml: YamlText, files: ProjectFiles): Promise<RulesText> {
  const node = yaml.nodeAt(['rules']);
  if (!node?.range || (isScalar(node) && node.value === null))
    return { text: '', file: yaml.file, line: yaml.keyPlace(['rules']).line };
  const { line, column } = yaml.placeOf(node.range[0]);
  if (!isScalar(node)) {
    return { text: ' '.repeat(column - 1) + yaml.text.slice(node.range[0], node.range[1]), file: yaml.file, line };
  }
  const named = String(node.value);
  const found = await files.read(named, yaml.file);
  if (found !== null) return { ...found, line: 1 };
  const mend = `Write the file, or correct the path: it is relative to ${yaml.file}, else to the project.`;
  throw fileError(
    'RC_RULES_NOT_FOUND',
    `The rules file ${named} is not there.`,
    { file: yaml.file, line, column },
    mend,
  );
}
