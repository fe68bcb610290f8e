import { pathToFileURL } from 'node:url';
import { isConnectorDefinition, isRollcallError, type ConnectorDefinition } from '@rollcall/connector-kit';
import { escapeControl } from '../security/redact.js';
import { checkManifest, connectorFinding, type ConnectorFinding } from './check-manifest.js';
import type { FoundPackage, InstalledPackage } from './find.js';
import { entryOf } from './package-entry.js';

/** One connector of a package, or what keeps it out. */
export type LoadedConnector =
  | { ok: true; id: string; definition: ConnectorDefinition; package: string }
  | { ok: false; id: string | null; package: string; finding: ConnectorFinding; findings: readonly ConnectorFinding[] };

export interface LoadOptions {
  /** How long a package may take to load: a top-level await that never ends must not hold up the rest. */
  importTimeoutMs?: number;
}

const IMPORT_TIMEOUT_MS = 30_000;

/** Imports a package and checks what it exports. Never throws: a broken package is named and left out. */
export async function loadPackage(found: FoundPackage, options: LoadOptions = {}): Promise<LoadedConnector[]> {
  if (found.state === 'unusable') return [leftOut(null, found.name, [found.finding])];
  if (found.state === 'built-in') return [checked(found.definition, found.name, {})];
  try {
    return await loadInstalled(found, options.importTimeoutMs ?? IMPORT_TIMEOUT_MS);
  } catch (error) {
    const finding = importFailed(found, error);
    return found.ids.map((id) => leftOut(id, found.name, [finding]));
  }
}

async function loadInstalled(found: InstalledPackage, timeoutMs: number): Promise<LoadedConnector[]> {
  const entry = await entryOf(found.folder, found.entry);
  if (entry === null) return found.ids.map((id) => leftOut(id, found.name, [withoutEntry(found)]));
  const exported = definitionsOf(await importWithin(pathToFileURL(entry).href, timeoutMs));
  const announced = found.ids.map((id) => pick(id, exported, found));
  const others = exported.filter((definition) => !found.ids.includes(definition.id));
  return [...announced, ...others.map((definition) => unannounced(definition, found))];
}

function leftOut(
  id: string | null,
  name: string,
  [finding, ...more]: readonly [ConnectorFinding, ...ConnectorFinding[]],
): LoadedConnector {
  return { ok: false, id, package: name, finding, findings: [finding, ...more] };
}

function checked(definition: ConnectorDefinition, name: string, where: { file?: string }): LoadedConnector {
  const [first, ...more] = checkManifest(definition, name, where);
  const id: unknown = definition.id;
  if (first !== undefined) return leftOut(typeof id === 'string' ? id : null, name, [first, ...more]);
  return { ok: true, id: definition.id, definition, package: name };
}

function pick(id: string, exported: readonly ConnectorDefinition[], found: InstalledPackage): LoadedConnector {
  const [definition, ...twins] = exported.filter((one) => one.id === id);
  const where = { file: found.file };
  if (definition === undefined) {
    const finding = connectorFinding(found.name, where, {
      code: 'RC_CONNECTOR_NOT_EXPORTED',
      message: `announces the connector "${id}" but does not export it`,
      mend: 'Export what defineConnector() returns, as default or by name, under that id.',
    });
    return leftOut(id, found.name, [finding]);
  }
  if (twins.length === 0) return checked(definition, found.name, where);
  const finding = connectorFinding(found.name, where, {
    code: 'RC_CONNECTOR_ID_DUPLICATE',
    message: `exports several connectors with the id "${id}"`,
    mend: 'Give each connector an id of its own.',
  });
  return leftOut(id, found.name, [finding]);
}

function unannounced(definition: ConnectorDefinition, found: InstalledPackage): LoadedConnector {
  const id: unknown = definition.id;
  const shown = typeof id === 'string' ? ` "${escapeControl(id)}"` : '';
  const finding = connectorFinding(
    found.name,
    { file: found.file },
    {
      code: 'RC_CONNECTOR_NOT_ANNOUNCED',
      message: `exports a connector${shown} that its package.json does not announce`,
      mend: 'Add its id to "rollcall": {"connectors": [ … ]} in the package.json of the package.',
    },
  );
  const faults = checkManifest(definition, found.name, { file: found.file });
  return leftOut(null, found.name, [finding, ...faults]);
}

function withoutEntry(found: InstalledPackage): ConnectorFinding {
  return connectorFinding(
    found.name,
    { file: found.file },
    {
      code: 'RC_CONNECTOR_IMPORT_FAILED',
      message: 'has no file where its package.json says that it begins',
      mend: 'Build or install the package again, or correct "exports" in its package.json.',
    },
  );
}

async function importWithin(url: string, timeoutMs: number): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`it did not finish loading within ${timeoutMs / 1000} s`));
    }, timeoutMs);
  });
  try {
    return await Promise.race([import(url), tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

/** Looks at every export, and once inside the default one: what CommonJS exports arrives there. */
function definitionsOf(module: unknown): ConnectorDefinition[] {
  const exported = valuesOf(module);
  const inner = exported.flatMap((value) => (isConnectorDefinition(value) ? [] : valuesOf(defaultOf(module, value))));
  return [...new Set([...exported, ...inner])].filter(isConnectorDefinition);
}

function valuesOf(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

function defaultOf(module: unknown, value: unknown): unknown {
  return (module as { default?: unknown }).default === value ? value : null;
}

const DETAIL_LENGTH = 300;

function importFailed(found: InstalledPackage, error: unknown): ConnectorFinding {
  const text = error instanceof Error ? error.message : String(error);
  const detail = escapeControl(text.split('\n', 1)[0] ?? '').slice(0, DETAIL_LENGTH);
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  return connectorFinding(
    found.name,
    { file: found.file },
    {
      code: 'RC_CONNECTOR_IMPORT_FAILED',
      message: `cannot be loaded: ${detail.replace(/\.$/, '')}`,
      mend: mendOf(error) ?? (isMissing ? MEND_MISSING : MEND_FAILED),
    },
  );
}

const MEND_MISSING = 'Install what the package imports: npm install in the project, or in the folder of the package.';
const MEND_FAILED = 'Update the package, tell its author, or take it out of package.json or "plugins".';

function mendOf(error: unknown): string | undefined {
  return isRollcallError(error) ? error.mend : undefined;
}
