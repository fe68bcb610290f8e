import { isRollcallError, type RollcallError } from '@rollcall/connector-kit';
import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Evaluator } from '../mapping/evaluator.js';
import { CompiledEvaluator } from '../mapping/compiled-evaluator.js';
import type { Schema } from '../model/catalogue.js';
import { fileError, singleErrors, throwAll } from '../rules/finding.js';
import { SchemaCheck } from '../rules/schema-check.js';
import { YamlText } from '../rules/yaml-text.js';
import { configurationSchema } from './configuration-schema.js';
import { ProjectFiles, readText } from './project-files.js';
import { readTenant, type TenantConfiguration } from './read-tenant.js';
import { secretReference, type SecretReference } from './secrets.js';

/** The name of the file that makes a folder a project. */
export const PROJECT_FILE = 'rollcall.config.yaml';

/** All files of a project, read and checked. */
export interface ProjectConfiguration {
  /** Absolute path of the project. */
  root: string;
  /** `rollcall.config.yaml` */
  file: string;
  /** `file` is absolute. */
  store: { client: 'sqlite3'; file: string } | { client: 'pg'; url: SecretReference; schema?: string };
  secretKey: SecretReference;
  plugins: readonly string[];
  /** Hosts of the operator's own to which webhooks may be sent by `http` and to private addresses. */
  webhookHosts: readonly string[];
  /** By name. */
  tenants: readonly TenantConfiguration[];
}

/** How a project is read. */
export interface ReadProjectOptions {
  /** The engine of the mappings; compiled JSONata when left out. */
  evaluator?: Evaluator;
  /** File URLs or paths from where packages with mappings are looked for, beside the project: `import.meta.url` of the caller. */
  resolveFrom?: string | readonly string[];
}

interface WrittenProject {
  store: { client: 'sqlite3'; file: string } | { client: 'pg'; url: string; schema?: string };
  secretKey: string;
  plugins?: string[];
  webhooks?: { allowHosts?: string[] };
  tenants?: string;
}

const schemaCheck = new SchemaCheck(configurationSchema);

/** The nearest folder at or above `start` that is a project; null where there is none. */
export async function findProject(start: string): Promise<string | null> {
  let folder = path.resolve(start);
  for (;;) {
    const found = await access(path.join(folder, PROJECT_FILE)).then(
      () => true,
      () => false,
    );
    if (found) return folder;
    const parent = path.dirname(folder);
    if (parent === folder) return null;
    folder = parent;
  }
}

/**
 * Reads and checks all files of a project; reads no secret.
 *
 * @throws {RollcallError} with exit code 78; all findings are in `errors`.
 */
export async function readProject(root: string, options: ReadProjectOptions = {}): Promise<ProjectConfiguration> {
  const absolute = path.resolve(root);
  const yaml = await readConfiguration(absolute);
  throwAll([...yaml.errors, ...schemaCheck.errorsOf(yaml)]);
  const written = yaml.value as WrittenProject;
  const tenants = await readTenants(absolute, yaml, written.tenants ?? 'tenants', options);
  const reference = (key: string, text: string): SecretReference => referenceAt(yaml, key.split('.'), text);
  return {
    root: absolute,
    file: PROJECT_FILE,
    store: storeOf(absolute, written.store, reference),
    secretKey: reference('secretKey', written.secretKey),
    plugins: written.plugins ?? [],
    webhookHosts: written.webhooks?.allowHosts ?? [],
    tenants,
  };
}

async function readConfiguration(root: string): Promise<YamlText> {
  const text = await readText(path.join(root, PROJECT_FILE));
  if (text !== null) return new YamlText(text, PROJECT_FILE);
  const what = `There is no ${PROJECT_FILE} in ${root}.`;
  throw fileError(
    'RC_PROJECT_NOT_FOUND',
    what,
    { file: PROJECT_FILE },
    'Name a project with --project DIR, or make one with: rollcall init DIR --example',
  );
}

function storeOf(
  root: string,
  written: WrittenProject['store'],
  reference: (key: string, text: string) => SecretReference,
): ProjectConfiguration['store'] {
  if (written.client === 'sqlite3') return { client: 'sqlite3', file: path.resolve(root, written.file) };
  return { ...written, url: reference('store.url', written.url) };
}

function referenceAt(yaml: YamlText, at: readonly string[], text: string): SecretReference {
  const where = { file: yaml.file, ...yaml.valuePlace(at) };
  const reference = secretReference(text, where);
  if (reference !== null) return reference;
  throw fileError(
    'RC_SECRET_LITERAL',
    `The value of ${at.join('.')} must be a reference to the secret.`,
    where,
    'Write env:NAME or file:PATH.',
  );
}

async function readTenants(
  root: string,
  yaml: YamlText,
  folder: string,
  options: ReadProjectOptions,
): Promise<TenantConfiguration[]> {
  const { evaluator = new CompiledEvaluator(), resolveFrom = [] } = options;
  const files = new ProjectFiles(root, typeof resolveFrom === 'string' ? [resolveFrom] : resolveFrom);
  const tenants: TenantConfiguration[] = [];
  const errors: RollcallError[] = [];
  for (const absolute of await tenantFiles(root, yaml, folder)) {
    const found = { file: files.shown(absolute), text: (await readText(absolute)) ?? '' };
    try {
      tenants.push(await readTenant(found, { files, evaluator }));
    } catch (error) {
      if (!isRollcallError(error)) throw error;
      errors.push(...singleErrors(error));
    }
  }
  throwAll(errors);
  return tenants;
}

async function tenantFiles(root: string, yaml: YamlText, folder: string): Promise<string[]> {
  const absolute = path.resolve(root, folder);
  try {
    const names = (await readdir(absolute)).filter((name) => name.endsWith('.yaml') && !name.startsWith('.'));
    return names.sort().map((name) => path.join(absolute, name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    const where = { file: yaml.file, ...yaml.valuePlace(['tenants']) };
    throw fileError(
      'RC_CONFIG_TENANTS_MISSING',
      `The folder of the tenants, ${folder}, is not there.`,
      where,
      `Make the folder ${folder} with one NAME.yaml a tenant.`,
    );
  }
}

/**
 * The custom attributes of a project's tenants, even where their mappings and rules are broken: for checks of a single
 * mapping file. A tenant file that cannot be read declares none.
 */
export async function readCustomAttributes(
  root: string,
): Promise<{ tenant: string; custom: Readonly<Record<string, Schema>> }[]> {
  const absolute = path.resolve(root);
  const yaml = await readConfiguration(absolute);
  const { tenants = 'tenants' } = (yaml.value ?? {}) as { tenants?: string };
  const found = [];
  for (const file of await tenantFiles(absolute, yaml, tenants)) {
    const { value } = new YamlText((await readText(file)) ?? '', file);
    const { custom } = (value ?? {}) as { custom?: Readonly<Record<string, Schema>> };
    found.push({ tenant: path.basename(file, '.yaml'), custom: custom ?? {} });
  }
  return found;
}
