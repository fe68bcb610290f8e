import type { ConnectorDefinition, ErrorCode, ErrorPlace, JsonSchema } from '@rollcall/connector-kit';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Finding } from '../rules/finding.js';

/** Something wrong with a connector package: who, what, how to mend it. */
export interface ConnectorFinding extends Finding {
  package: string;
}

/** The version of the connector contract that this runtime speaks. */
export const CONNECTOR_API_VERSION = 1;

/** How ids of connectors are written, in declarations and under `connector:` in a tenant file. */
export const CONNECTOR_ID = /^[a-z][a-z0-9-]*$/;

const ID_LENGTH = 64;

/** What is wrong with one part of a declaration; `message` goes on after the name of the package. */
interface Fault {
  code: ErrorCode;
  message: string;
  mend: string;
}

type Parts = Readonly<Record<string, unknown>>;

/**
 * Throws where a settings schema is none. `configuration` compiles it with the same options when it checks settings; here
 * `secret` is looked at as well: a mark that is misspelt as a text would leave a password unprotected in silence.
 */
function compileSettings(schema: JsonSchema): void {
  if (sound.has(schema)) return;
  const ajv = new Ajv2020({ strict: false, discriminator: true, validateFormats: false, logger: false });
  ajv.addKeyword({ keyword: 'secret', schemaType: 'boolean' });
  ajv.compile(schema);
  sound.add(schema);
}

/** Schemas that were compiled already: a host may open Rollcall many times with the same connectors. */
const sound = new WeakSet<JsonSchema>();

function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : typeof value;
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function isParts(value: unknown): value is Parts {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkId({ id }: Parts): Fault | null {
  if (typeof id === 'string' && id.length <= ID_LENGTH && CONNECTOR_ID.test(id)) return null;
  return {
    code: 'RC_CONNECTOR_ID_INVALID',
    message: `declares a connector with the id ${shown(id)}`,
    mend: `Use lower-case letters, digits and hyphens, a letter first, at most ${ID_LENGTH} characters, such as "acme-hr".`,
  };
}

function checkApiVersion({ apiVersion }: Parts): Fault | null {
  if (apiVersion === CONNECTOR_API_VERSION) return null;
  const found = typeof apiVersion === 'number' ? String(apiVersion) : shown(apiVersion);
  return {
    code: 'RC_CONNECTOR_API_VERSION',
    message: `is written for version ${found} of the connector contract; this Rollcall speaks version ${CONNECTOR_API_VERSION}`,
    mend: `Install a version of the package with "apiVersion: ${CONNECTOR_API_VERSION}", or a Rollcall that speaks version ${found}.`,
  };
}

function checkTitle({ title }: Parts): Fault | null {
  if (typeof title === 'string' && title.trim() !== '' && !/\p{Cc}/u.test(title)) return null;
  return {
    code: 'RC_CONNECTOR_TITLE_INVALID',
    message: 'declares a connector without a title of one line',
    mend: 'Give it a title for people, such as "CSV files".',
  };
}

function settingsFault(what: string, mend: string): Fault {
  return { code: 'RC_CONNECTOR_SETTINGS_INVALID', message: `declares settings that ${what}`, mend };
}

function checkSettings({ settings }: Parts): Fault | null {
  if (!isParts(settings))
    return settingsFault('are no JSON Schema', 'Set "settings" to a JSON Schema with "type": "object".');
  if (settings.type !== 'object') {
    return settingsFault('are not of the type object', 'Write "type": "object" at the top of the settings schema.');
  }
  try {
    compileSettings(settings);
    return null;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return settingsFault(`are no valid JSON Schema: ${detail}`, 'Correct the schema; its dialect is draft 2020-12.');
  }
}

const FLAGS = ['full', 'delta', 'one', 'notifications'];
const OPTIONAL_FLAGS = ['push', 'recognisesAccepted'];
const KINDS: readonly unknown[] = ['user', 'group'];

function capabilityProblem(capabilities: Parts): string | null {
  const { kinds, volatile } = capabilities;
  if (!Array.isArray(kinds) || kinds.length === 0 || !kinds.every((kind) => KINDS.includes(kind))) {
    return '"kinds" must list "user", "group" or both';
  }
  if (new Set(kinds).size !== kinds.length) return '"kinds" names one kind twice';
  const flag = FLAGS.find((name) => typeof capabilities[name] !== 'boolean');
  if (flag !== undefined) return `"${flag}" must be true or false`;
  const wrong = OPTIONAL_FLAGS.find((name) => !['boolean', 'undefined'].includes(typeof capabilities[name]));
  if (wrong !== undefined) return `"${wrong}" must be true or false`;
  return volatile === undefined || areNames(volatile) ? null : '"volatile" must list names of raw keys';
}

function areNames(keys: unknown): boolean {
  return Array.isArray(keys) && keys.every((key) => typeof key === 'string' && key !== '');
}

function checkCapabilities({ capabilities }: Parts): Fault | null {
  const problem = isParts(capabilities) ? capabilityProblem(capabilities) : 'they are missing';
  if (problem === null) return null;
  return {
    code: 'RC_CONNECTOR_CAPABILITIES_INVALID',
    message: `declares capabilities that cannot be read: ${problem}`,
    mend: 'Declare kinds, full, delta, one and notifications as the connector kit describes them.',
  };
}

function formFault(message: string): Fault {
  return {
    code: 'RC_CONNECTOR_FORM_INVALID',
    message,
    mend: 'Give "needs" (names with tokens of the kit) and "create", or "connector" with a decorated class, not both.',
  };
}

function checkForm({ needs, create, connector }: Parts): Fault | null {
  if (connector !== undefined) {
    if (typeof connector !== 'function') return formFault('declares a "connector" that is no class');
    return create === undefined && needs === undefined ? null : formFault('declares both a class and a factory');
  }
  if (typeof create !== 'function') return formFault('declares neither "create" nor "connector"');
  if (!isParts(needs)) return formFault('declares "create" without "needs"');
  const wrong = Object.keys(needs).find((name) => typeof needs[name] !== 'symbol');
  return wrong === undefined ? null : formFault(`declares a need "${wrong}" that is no token`);
}

const CHECKS = [checkApiVersion, checkId, checkTitle, checkSettings, checkCapabilities, checkForm];

/**
 * Checks what a package declares, without creating anything.
 *
 * A declaration for another version of the contract is told that alone: the rest may mean something else there.
 */
export function checkManifest(
  definition: ConnectorDefinition,
  packageName: string,
  where: ErrorPlace = {},
): ConnectorFinding[] {
  const parts: Parts = { ...definition };
  const faults = CHECKS.map((check) => check(parts)).filter((fault) => fault !== null);
  const told = faults[0]?.code === 'RC_CONNECTOR_API_VERSION' ? faults.slice(0, 1) : faults;
  return told.map((fault) => connectorFinding(packageName, where, fault));
}

/** A finding of severity `error`, its sentence begun with the name of the package. */
export function connectorFinding(
  packageName: string,
  where: ErrorPlace,
  { code, message, mend }: Fault,
): ConnectorFinding {
  return {
    severity: 'error',
    code,
    message: `The package "${packageName}" ${message}.`,
    package: packageName,
    where,
    mend,
  };
}
