import type { WrittenSchedule } from '../model/schedules.js';
import { isRollcallError, type JsonObject, type RollcallError } from '@rollcall/connector-kit';
import path from 'node:path';
import type { Evaluator } from '../mapping/evaluator.js';
import { catalogueOf, type Catalogue, type Schema } from '../model/catalogue.js';
import type { Rules } from '../model/rules.js';
import { isTimeZone } from '../model/time-zones.js';
import { fileError, singleErrors, throwAll, type Finding } from '../rules/finding.js';
import { lintRules } from '../rules/lint-rules.js';
import { didYouMean, nearestName } from '../rules/nearest-name.js';
import { parseRules } from '../rules/parse-rules.js';
import { SchemaCheck } from '../rules/schema-check.js';
import { YamlText, type Path } from '../rules/yaml-text.js';
import { rulesTextOf, type RulesText } from './rules-text.js';
import type { ProjectFiles } from './project-files.js';
import { readMapping, type MappingConfiguration, type MappingSources } from './read-mapping.js';
import type { SettingsPlaces } from './settings.js';
import { tenantSchema } from './tenant-schema.js';

/** One directory of a tenant file. */
export interface DirectoryConfiguration {
  name: string;
  /** Name of the connector; whether it exists is not known here. */
  connector: string;
  mode: 'draft' | 'shadow' | 'live';
  /** As written: secrets are references; checked by `checkSettings` once the connector is known. */
  settings: JsonObject;
  settingsLine: number;
  mappings: Partial<Record<'user' | 'group', MappingConfiguration>>;
  privilegedGroups: readonly string[];
  /** When the directory is read by itself, by tier; what is not named goes by what the connector can do. */
  schedule: WrittenSchedule;
  /** Places inside the directory's part of the file, such as `['connector']`. */
  places: SettingsPlaces;
  /** Places inside `settings`, for `checkSettings`. */
  settingsPlaces: SettingsPlaces;
}

/** One tenant file with all that it names. */
export interface TenantConfiguration {
  tenant: string;
  name: string;
  timeZone: string;
  /** JSON Schema of each custom attribute. */
  custom: Readonly<Record<string, Schema>>;
  catalogue: Catalogue;
  /** The directory whose ids stand for people outside; null: the first that speaks for groups. */
  identityDirectory: string | null;
  file: string;
  text: string;
  /** In the order of the file. */
  directories: readonly DirectoryConfiguration[];
  rules: Rules;
  rulesText: string;
  rulesFile: string;
  /** The line of `rulesFile` at which `rulesText` begins. */
  rulesLine: number;
  /** What is not wrong and yet should be seen. */
  warnings: readonly Finding[];
}

interface WrittenDirectory {
  connector: string;
  mode?: 'draft' | 'shadow' | 'live';
  settings?: JsonObject;
  mappings: Partial<Record<'user' | 'group', string>>;
  privilegedGroups?: string[];
  schedule?: WrittenSchedule;
}

interface WrittenTenant {
  tenant: string;
  name?: string;
  timeZone: string;
  custom?: Record<string, Schema>;
  identityDirectory?: string;
  directories: Record<string, WrittenDirectory>;
  rules?: JsonObject | string | null;
}

const schemaCheck = new SchemaCheck(tenantSchema(true));

/**
 * Reads a tenant file and everything that it names.
 *
 * @throws {RollcallError} with exit code 78; all findings are in `errors`.
 */
export async function readTenant(
  found: { file: string; text: string },
  sources: { files: ProjectFiles; evaluator: Evaluator },
): Promise<TenantConfiguration> {
  const yaml = new YamlText(found.text, found.file);
  throwAll([...yaml.errors, ...schemaCheck.errorsOf(yaml)]);
  return new TenantReader(yaml, yaml.value as WrittenTenant, sources).read();
}

class TenantReader {
  readonly #errors: RollcallError[] = [];

  constructor(
    private readonly yaml: YamlText,
    private readonly written: WrittenTenant,
    private readonly sources: { files: ProjectFiles; evaluator: Evaluator },
  ) {}

  async read(): Promise<TenantConfiguration> {
    this.#name();
    this.#timeZone();
    this.#identityDirectory();
    const { tenant, name = tenant, timeZone, custom = {}, identityDirectory = null } = this.written;
    const catalogue = await this.#catalogue();
    const directories: DirectoryConfiguration[] = [];
    for (const [directory, part] of Object.entries(this.written.directories)) {
      directories.push(await this.#directory(directory, part, { ...this.sources, catalogue }));
    }
    const rulesText = await this.#collect(() => rulesTextOf(this.yaml, this.sources.files));
    const rules = rulesText && (await this.#collect(() => this.#rules(rulesText, catalogue)));
    throwAll(this.#errors);
    if (!rulesText || !rules) throw new Error('Rules without an error must be there.');
    const warnings = this.#lint(rules, rulesText, directories);
    const { text, file, line } = rulesText;
    const files = { file: this.yaml.file, text: this.yaml.text };
    const own = { tenant, name, timeZone, custom, catalogue, identityDirectory, directories, ...files };
    return { ...own, rules, rulesText: text, rulesFile: file, rulesLine: line, warnings };
  }

  #name(): void {
    const expected = path.basename(this.yaml.file, '.yaml');
    if (this.written.tenant === expected) return;
    const what = `The file of the tenant "${this.written.tenant}" is named ${path.basename(this.yaml.file)}.`;
    this.#refuse(
      ['tenant'],
      'RC_TENANT_NAME_MISMATCH',
      what,
      `Name the file ${this.written.tenant}.yaml, or write tenant: ${expected}.`,
    );
  }

  #timeZone(): void {
    const { timeZone } = this.written;
    if (isTimeZone(timeZone)) return;
    const nearest = nearestName(timeZone, Intl.supportedValuesOf('timeZone'));
    const mend = nearest === null ? 'Write an IANA zone such as Europe/Berlin.' : `Did you mean "${nearest}"?`;
    this.#refuse(['timeZone'], 'RC_CONFIG_TIME_ZONE', `There is no time zone "${timeZone}".`, mend);
  }

  #identityDirectory(): void {
    const { identityDirectory: named, directories } = this.written;
    if (named === undefined || Object.hasOwn(directories, named)) return;
    const what = `The identity directory "${named}" does not exist.`;
    const mend = didYouMean(named, Object.keys(directories), 'Directories of this tenant');
    this.#refuse(['identityDirectory'], 'RC_CONFIG_IDENTITY_DIRECTORY', what, mend);
  }

  async #catalogue(): Promise<Catalogue> {
    const usable: [string, Schema][] = [];
    for (const [name, schema] of Object.entries(this.written.custom ?? {})) {
      const fault = namesOneType(schema) ? null : await faultOfSchema(schema);
      if (fault === null) usable.push([name, schema]);
      else
        this.#refuse(
          ['custom', name],
          'RC_CONFIG_CUSTOM_SCHEMA',
          `The schema of custom.${name} cannot be used: ${fault}.`,
          'Write a JSON Schema (draft 2020-12), such as { type: string }.',
        );
    }
    return catalogueOf(Object.fromEntries(usable));
  }

  async #directory(name: string, written: WrittenDirectory, sources: MappingSources): Promise<DirectoryConfiguration> {
    const mappings: DirectoryConfiguration['mappings'] = {};
    for (const kind of ['user', 'group'] as const) {
      const named = written.mappings[kind];
      if (named === undefined) continue;
      const at = { yaml: this.yaml, path: ['directories', name, 'mappings', kind] };
      const mapping = await this.#collect(() => readMapping(kind, named, at, sources));
      if (mapping) mappings[kind] = mapping;
    }
    const { connector, mode = 'live', settings = {}, privilegedGroups = [], schedule = {} } = written;
    const settingsLine = this.yaml.keyPlace(['directories', name, 'settings']).line;
    const places = this.#places(name, []);
    return {
      name,
      connector,
      mode,
      settings,
      settingsLine,
      mappings,
      privilegedGroups,
      schedule,
      places,
      settingsPlaces: this.#places(name, ['settings']),
    };
  }

  #places(directory: string, below: Path): SettingsPlaces {
    const prefix = ['directories', directory, ...below];
    const where = { tenant: this.written.tenant, directory, file: this.yaml.file };
    return {
      where,
      keyPlace: (inner) => this.yaml.keyPlace([...prefix, ...inner]),
      valuePlace: (inner) => this.yaml.valuePlace([...prefix, ...inner]),
      errorAt: (place, code, what, mend) => fileError(code, what, { ...where, ...place }, mend),
    };
  }

  #rules(rules: RulesText, catalogue: Catalogue): Rules {
    const directories = Object.keys(this.written.directories);
    return parseRules(rules.text, { file: rules.file, firstLine: rules.line, directories, catalogue });
  }

  #lint(rules: Rules, { text, file, line }: RulesText, directories: readonly DirectoryConfiguration[]): Finding[] {
    const mapped = directories.map(({ name, mode, mappings }) => ({
      name,
      mode,
      // Where groups are records, their members are edges: no user says who is in them.
      mapped: new Set([
        ...(mappings.user?.mapping.attributes.keys() ?? []),
        ...(mappings.group === undefined ? [] : ['groups']),
      ]),
    }));
    const findings = lintRules(rules, { text, file, firstLine: line, directories: mapped });
    throwAll(
      findings
        .filter((finding) => finding.severity === 'error')
        .map((finding) => fileError(finding.code, finding.message, finding.where, finding.mend)),
    );
    return findings;
  }

  async #collect<T>(task: () => T | Promise<T>): Promise<T | null> {
    try {
      return await task();
    } catch (error) {
      if (!isRollcallError(error)) throw error;
      this.#errors.push(...singleErrors(error));
      return null;
    }
  }

  #refuse(at: Path, code: `RC_${string}`, what: string, mend: string): void {
    this.#errors.push(this.yaml.errorAt(this.yaml.valuePlace(at), code, what, mend));
  }
}

/** `{ type: string }`, as nearly all are: what can be seen at once does not need a validator to be loaded. */
function namesOneType({ type, ...others }: Schema): boolean {
  return Object.keys(others).length === 0 && ['string', 'number', 'integer', 'boolean'].includes(type as string);
}

/** What is wrong with a schema of a claim; null: nothing. */
async function faultOfSchema(schema: Schema): Promise<string | null> {
  const { claimAjv } = await import('../mapping/claim-schemas.js');
  try {
    claimAjv().compile(schema);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
