import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { ConnectorDefinition } from '@rollcall/connector-kit';
import { CONNECTOR_ID, connectorFinding, type ConnectorFinding } from './check-manifest.js';

/** A connector that the surface or the embedder brings along. */
export interface BuiltInConnector {
  definition: ConnectorDefinition;
  package?: string;
  version?: string;
}

export interface FindOptions {
  builtIn: readonly BuiltInConnector[];
  /** The project's folder; null for an embedder that has none. */
  root: string | null;
  /** `plugins:` of rollcall.config.yaml: names of packages, or folders relative to the project. */
  configured?: readonly string[];
}

/** Where a package was named. */
export type Origin = 'built-in' | 'project' | 'configured';

interface Named {
  name: string;
  version: string | null;
}

export interface BuiltInPackage extends Named {
  state: 'built-in';
  origin: 'built-in';
  definition: ConnectorDefinition;
}

export interface InstalledPackage extends Named {
  state: 'installed';
  origin: 'project' | 'configured';
  /** The connectors that its package.json announces. */
  ids: readonly string[];
  /** Absolute, symbolic links resolved. */
  folder: string;
  /** The place of its package.json as people see it, from the project's folder. */
  file: string;
  entry: { main: unknown; exports: unknown };
}

export interface UnusablePackage extends Named {
  state: 'unusable';
  origin: 'project' | 'configured';
  finding: ConnectorFinding;
}

/** A package as far as its package.json tells. */
export type FoundPackage = BuiltInPackage | InstalledPackage | UnusablePackage;

type Manifest = Readonly<Record<string, unknown>>;
type Outcome = InstalledPackage | UnusablePackage;

const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i;
/** Names under which connectors are published: one that is declared but not installed would else be missed in silence. */
const CONNECTOR_NAME = /^(?:@rollcall\/connector-|(?:@[^/]+\/)?rollcall-connector-)/;

/** Lists the packages that may bring connectors. Reads package.json files and runs nothing. */
export async function findConnectors({ builtIn, root, configured = [] }: FindOptions): Promise<FoundPackage[]> {
  const own: FoundPackage[] = builtIn.map(({ definition, package: name = 'built in', version = null }) => ({
    state: 'built-in',
    origin: 'built-in',
    name,
    version,
    definition,
  }));
  if (root === null) return own;
  const project = await realpath(root).catch(() => root);
  const named = await Promise.all(configured.map((specifier) => findConfigured(project, specifier)));
  return [...own, ...withoutRepeats([...named, ...(await findInProject(project))])];
}

/** A package that is configured and installed in the project as well is one package. */
function withoutRepeats(found: readonly Outcome[]): Outcome[] {
  const seen = new Set<string>();
  return found.filter((one) => {
    const key = one.state === 'installed' ? one.folder : `${one.name}\n${one.finding.code}`;
    return !seen.has(key) && seen.add(key);
  });
}

async function findConfigured(root: string, specifier: string): Promise<Outcome> {
  const isPath = /^\.{1,2}(?:[/\\]|$)/.test(specifier) || isAbsolute(specifier);
  const folder = isPath ? resolve(root, specifier) : await folderOf(root, specifier);
  const manifest = folder === null ? null : await readManifest(join(folder, 'package.json'));
  if (folder === null || manifest === null) return missing(specifier, 'configured', isPath);
  return describe(root, folder, manifest, 'configured', specifier);
}

async function findInProject(root: string): Promise<Outcome[]> {
  const manifest = await readManifest(join(root, 'package.json'));
  if (manifest === null) return [];
  if (manifest === 'unreadable') return [unreadable('package.json', 'package.json', 'project')];
  const names = ['dependencies', 'devDependencies'].flatMap((key) => Object.keys(recordOf(manifest[key])));
  const found = await Promise.all(Array.from(new Set(names), (name) => findDependency(root, name)));
  return found.filter((one) => one !== null);
}

async function findDependency(root: string, name: string): Promise<Outcome | null> {
  const folder = await folderOf(root, name);
  const manifest = folder === null ? null : await readManifest(join(folder, 'package.json'));
  if (folder === null || manifest === null) return CONNECTOR_NAME.test(name) ? missing(name, 'project', false) : null;
  // Another package's broken package.json is not ours to tell, unless its name says that it is a connector.
  if (manifest === 'unreadable') {
    return CONNECTOR_NAME.test(name) ? describe(root, folder, manifest, 'project', name) : null;
  }
  return manifest.rollcall === undefined ? null : describe(root, folder, manifest, 'project', name);
}

/** Looks where `import` would look from the project's folder; `exports` conditions play no part in it. */
async function folderOf(root: string, name: string): Promise<string | null> {
  if (!PACKAGE_NAME.test(name)) return null;
  for (let folder = root; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (await isFolder(candidate)) return candidate;
    if (dirname(folder) === folder) return null;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

async function readManifest(file: string): Promise<Manifest | 'unreadable' | null> {
  try {
    const manifest: unknown = JSON.parse(await readFile(file, 'utf8'));
    return isRecord(manifest) ? manifest : 'unreadable';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ENOENT' || code === 'ENOTDIR' ? null : 'unreadable';
  }
}

async function describe(
  root: string,
  folder: string,
  manifest: Manifest | 'unreadable',
  origin: 'project' | 'configured',
  specifier: string,
): Promise<Outcome> {
  const file = relative(root, join(folder, 'package.json')).split(sep).join('/');
  if (manifest === 'unreadable') return unreadable(specifier, file, origin);
  const name = textOf(manifest.name) ?? specifier;
  const version = textOf(manifest.version);
  const ids = idsOf(manifest.rollcall);
  if (ids === null) return unannounced({ name, version }, file, origin, manifest.rollcall === undefined);
  const entry = { main: manifest.main, exports: manifest.exports };
  return { state: 'installed', origin, name, version, ids, folder: await realpath(folder), file, entry };
}

/** Null where the field is not `{"connectors": ["id", …]}`. */
function idsOf(field: unknown): string[] | null {
  const ids = recordOf(field).connectors;
  if (!Array.isArray(ids) || ids.length === 0) return null;
  const valid = ids.filter((id): id is string => typeof id === 'string' && CONNECTOR_ID.test(id));
  return valid.length === ids.length ? [...new Set(valid)] : null;
}

function missing(name: string, origin: 'project' | 'configured', isPath: boolean): UnusablePackage {
  const file = origin === 'project' ? 'package.json' : 'rollcall.config.yaml';
  const finding = connectorFinding(
    name,
    { file },
    {
      code: 'RC_CONNECTOR_PACKAGE_MISSING',
      message: isPath ? 'is no folder with a package.json' : 'is not installed',
      mend: isPath
        ? 'Correct the path under "plugins": the folder of a package, relative to the project.'
        : `Install it in the project's folder: npm install ${origin === 'project' ? '' : name}`.trim(),
    },
  );
  return { state: 'unusable', origin, name, version: null, finding };
}

function unreadable(name: string, file: string, origin: 'project' | 'configured'): UnusablePackage {
  const finding = connectorFinding(
    name,
    { file },
    {
      code: 'RC_CONNECTOR_PACKAGE_INVALID',
      message: 'has a package.json that cannot be read as JSON',
      mend: file === 'package.json' ? 'Correct package.json.' : 'Install the package again.',
    },
  );
  return { state: 'unusable', origin, name, version: null, finding };
}

function unannounced(named: Named, file: string, origin: 'project' | 'configured', lacks: boolean): UnusablePackage {
  const finding = connectorFinding(
    named.name,
    { file },
    {
      code: 'RC_CONNECTOR_PACKAGE_INVALID',
      message: lacks ? 'announces no connector' : 'announces its connectors in a form that cannot be read',
      mend: 'Its package.json needs "rollcall": {"connectors": ["ID"]} with the ids that it exports.',
    },
  );
  return { state: 'unusable', origin, ...named, finding };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function isRecord(value: unknown): value is Manifest {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function recordOf(value: unknown): Manifest {
  return isRecord(value) ? value : {};
}
