import type {
  BuiltInConnector,
  Finding,
  ProjectConfiguration,
  Rollcall,
  RollcallOptions,
  TenantDoor,
} from '@rollcall/core';
import { nearestName, RollcallError } from '@rollcall/core/errors';
import type { ReadingDoor, ReadingRollcall } from '@rollcall/core/reading';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from './usage-error.js';
import { givenInstant } from './values.js';

type Env = Readonly<Record<string, string | undefined>>;

/** Which project and tenant a command line means. */
export interface ProjectChoice {
  project: string | undefined;
  tenant: string | undefined;
  env: Env;
  log: NonNullable<RollcallOptions['log']>;
}

/** An open project: its files as they are now, and Rollcall on its store. */
export interface OpenProject {
  readonly root: string;
  /** The project's key, which signs and seals. */
  readonly secretKey: Buffer;
  readonly configuration: ProjectConfiguration;
  readonly rollcall: Rollcall;
  /** The tenants that the command line means: the named one, else all of the project's files. */
  readonly tenants: readonly string[];
}

/** Opens the project that `choice` means, does `task`, and closes it again. */
export type WithRollcall = <Result>(
  choice: ProjectChoice,
  task: (project: OpenProject) => Promise<Result>,
) => Promise<Result>;

/** A project whose store is open for questions alone. */
export interface ReadProject {
  readonly rollcall: Pick<ReadingRollcall, 'tenant'>;
  readonly tenants: readonly string[];
}

/** Opens the project that `choice` means for questions, asks them, and closes it again. */
export type WithReading = <Result>(
  choice: ProjectChoice,
  task: (project: ReadProject) => Promise<Result>,
) => Promise<Result>;

/** All that knows how core is put together: read the project, its key, its store and the built-in connectors. */
export const withRollcall: WithRollcall = async (choice, task) => {
  const { configuration, tenants, secretKey, ...parts } = await prepare(choice);
  const { root } = configuration;
  const { createRollcall } = await import('@rollcall/core');
  const rollcall: Rollcall = await createRollcall({
    ...parts,
    connectors: await builtInConnectors(),
    root,
    plugins: configuration.plugins,
    env: choice.env,
    log: choice.log,
    configuration,
    secretKey,
    webhooks: {
      allowedHosts: configuration.webhookHosts,
      // Loaded when the first body is made: few commands need a web server's package.
      formats: { workos: async (...asked) => (await import('@rollcall/server')).workosEvents(rollcall)(...asked) },
    },
  });
  try {
    return await task({ root, secretKey, configuration, rollcall, tenants });
  } finally {
    await rollcall.close();
  }
};

/** The same without all that only works on people: a list should come at once. */
export const withReading: WithReading = async (choice, task) => {
  const { tenants, store, clock } = await prepare(choice);
  const { openForReading } = await import('@rollcall/core/reading');
  const rollcall = await openForReading({ store, ...(clock === undefined ? {} : { clock }) });
  try {
    return await task({ rollcall, tenants });
  } finally {
    await rollcall.close();
  }
};

interface Prepared extends Pick<RollcallOptions, 'store' | 'clock'> {
  configuration: ProjectConfiguration;
  tenants: readonly string[];
  secretKey: Buffer;
}

async function prepare(choice: ProjectChoice): Promise<Prepared> {
  const now = givenInstant(choice.env.ROLLCALL_NOW);
  const { env } = choice;
  const configuration = await openConfiguration(choice);
  const tenants = chosenTenants(configuration, choice.tenant);
  const secretKey = await readKey(configuration, env);
  return {
    configuration,
    tenants,
    secretKey,
    store: await storeOf(configuration, env),
    ...(now === undefined ? {} : { clock: { now: () => now } }),
  };
}

/** The folder of the project; null where there is none and none was named. */
export async function findRoot(choice: Pick<ProjectChoice, 'project'>): Promise<string | null> {
  const { findProject } = await import('@rollcall/core/project');
  return choice.project === undefined ? findProject(process.cwd()) : path.resolve(choice.project);
}

/** The files of the project that is meant, read and checked. */
export async function openConfiguration(choice: Pick<ProjectChoice, 'project'>): Promise<ProjectConfiguration> {
  const { readProject } = await import('@rollcall/core/project');
  const root = await findRoot(choice);
  if (root !== null) return readProject(root, { resolveFrom: import.meta.url });
  throw new RollcallError('RC_PROJECT_NOT_FOUND', 78, 'stop', {
    what: `There is no rollcall.config.yaml in ${process.cwd()} or in a folder above it.`,
    mend: 'Go into a project, name one with --project DIR, or make one with: rollcall init DIR --example',
  });
}

/** The tenants that a command line means. */
export function chosenTenants({ tenants }: Pick<ProjectConfiguration, 'tenants'>, named: string | undefined): string[] {
  const known = tenants.map(({ tenant }) => tenant);
  if (named === undefined) return known;
  if (known.includes(named)) return [named];
  const meant = nearestName(named, known);
  throw new UsageError(
    'RC_USAGE_TENANT_UNKNOWN',
    `This project has no tenant "${named}".`,
    meant === null ? `Name one of: ${known.join(', ')}.` : `Did you mean "${meant}"?`,
  );
}

/** The project's key: without it every command ends, whether it needs the key or not. */
export async function readKey({ root, secretKey }: ProjectConfiguration, env: Env): Promise<Buffer> {
  const { readSecretKey } = await import('@rollcall/core/project');
  return readSecretKey(secretKey, { root, env });
}

async function storeOf({ root, store }: ProjectConfiguration, env: Env): Promise<RollcallOptions['store']> {
  if (store.client === 'sqlite3') return store;
  const { resolveSecret } = await import('@rollcall/core/project');
  return { ...store, url: await resolveSecret(store.url, { root, env }) };
}

/** Connectors that come with the command line; a project needs no `package.json` for them. */
async function builtInConnectors(): Promise<BuiltInConnector[]> {
  const { default: csv } = await import('@rollcall/connector-csv');
  const { default: scim } = await import('@rollcall/connector-scim');
  return Promise.all([builtIn('@rollcall/connector-csv', csv), builtIn('@rollcall/connector-scim', scim)]);
}

async function builtIn(name: string, definition: BuiltInConnector['definition']): Promise<BuiltInConnector> {
  const manifest = new URL('../package.json', import.meta.resolve(name));
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  return { definition, package: name, version };
}

/** Warnings of applied tenants whose files are gone. */
export async function withoutFile(rollcall: Rollcall, configuration: ProjectConfiguration): Promise<Finding[]> {
  const { tenantsWithoutFile } = await import('@rollcall/core');
  return tenantsWithoutFile(await rollcall.tenants(), configuration);
}

/** The one tenant that a command works on. */
export function onlyTenant(tenants: readonly string[]): string {
  const [tenant, ...others] = tenants;
  if (tenant !== undefined && others.length === 0) return tenant;
  if (tenant === undefined) {
    throw new UsageError(
      'RC_USAGE_TENANT_NEEDED',
      'This project has no tenant yet.',
      'Write tenants/NAME.yaml, or start from: rollcall init DIR --example',
    );
  }
  throw new UsageError(
    'RC_USAGE_TENANT_NEEDED',
    `This project has ${tenants.length} tenants.`,
    `Add --tenant with one of: ${tenants.join(', ')}.`,
  );
}

/** The door of the one tenant that a command works on. */
export function doorOf(project: OpenProject): Promise<TenantDoor> {
  return project.rollcall.tenant(onlyTenant(project.tenants));
}

/** The same for questions alone. */
export function readingDoorOf(project: ReadProject): Promise<ReadingDoor> {
  return project.rollcall.tenant(onlyTenant(project.tenants));
}

/** The names of a tenant's directories, in the order of its file. */
export function directoryNames(configuration: Pick<ProjectConfiguration, 'tenants'>, tenant: string): string[] {
  const found = configuration.tenants.find((each) => each.tenant === tenant);
  return found === undefined ? [] : found.directories.map(({ name }) => name);
}
