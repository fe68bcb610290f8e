import type { ProjectConfiguration, Rollcall, TenantDoor } from '@rollcall/core';
import { createRequire } from 'node:module';
import path from 'node:path';
import { UsageError } from './usage-error.js';
import { givenInstant } from './values.js';

/** Which project and tenant a command line means. */
export interface ProjectChoice {
  project: string | undefined;
  tenant: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  log: (
    level: 'debug' | 'info' | 'warn' | 'error',
    message: string,
    fields?: Readonly<Record<string, unknown>>,
  ) => void;
}

/** An open project: its files as they are now, and Rollcall on its store. */
export interface OpenProject {
  readonly root: string;
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

/** The folder of the project; null where there is none and none was named. */
export async function findRoot(choice: Pick<ProjectChoice, 'project'>): Promise<string | null> {
  const { findProject } = await import('@rollcall/core');
  return choice.project === undefined ? findProject(process.cwd()) : path.resolve(choice.project);
}

/** All that knows how core is put together: read the project, take its key, its store and the built-in connectors. */
export const withRollcall: WithRollcall = async (choice, task) => {
  const core = await import('@rollcall/core');
  const now = givenInstant(choice.env.ROLLCALL_NOW);
  const root = await rootOf(choice);
  const resolveFrom = import.meta.url;
  const configuration = await core.readProject(root, { resolveFrom });
  const tenants = chosenTenants(configuration, choice.tenant, core.nearestName);
  const rollcall = await core.createRollcall({
    store: configuration.store,
    secretKey: configuration.secretKey,
    root,
    plugins: configuration.plugins,
    builtInConnectors: await builtInConnectors(),
    env: choice.env,
    log: choice.log,
    ...(now === undefined ? {} : { clock: { now: () => now, given: true } }),
  });
  try {
    return await task({ root, configuration, rollcall, tenants });
  } finally {
    await rollcall.close();
  }
};

async function rootOf(choice: ProjectChoice): Promise<string> {
  const root = await findRoot(choice);
  if (root !== null) return root;
  const { RollcallError } = await import('@rollcall/core');
  throw new RollcallError('RC_PROJECT_NOT_FOUND', 78, 'stop', {
    what: `There is no rollcall.config.yaml in ${process.cwd()} or in a folder above it.`,
    mend: 'Go into a project, name one with --project DIR, or make one with: rollcall init DIR --example',
  });
}

function chosenTenants(
  configuration: ProjectConfiguration,
  named: string | undefined,
  nearestName: (name: string, known: Iterable<string>) => string | null,
): string[] {
  const known = configuration.tenants.map(({ tenant }) => tenant);
  if (named === undefined) return known;
  if (known.includes(named)) return [named];
  const nearest = nearestName(named, known);
  throw new UsageError(
    'RC_USAGE_TENANT_UNKNOWN',
    `This project has no tenant "${named}".`,
    nearest === null ? `Name one of: ${known.join(', ')}.` : `Did you mean "${nearest}"?`,
  );
}

async function builtInConnectors(): Promise<{ definition: unknown; package: string; version: string }[]> {
  const require = createRequire(import.meta.url);
  const name = '@rollcall/connector-csv';
  const { default: definition } = await import('@rollcall/connector-csv');
  const { version } = require(`${name}/package.json`) as { version: string };
  return [{ definition, package: name, version }];
}

/** The one tenant that a command works on. */
export function onlyTenant(tenants: readonly string[]): string {
  const [tenant, ...others] = tenants;
  if (tenant !== undefined && others.length === 0) return tenant;
  throw new UsageError(
    'RC_USAGE_TENANT_NEEDED',
    tenants.length === 0 ? 'This project has no tenant yet.' : `This project has ${tenants.length} tenants.`,
    tenants.length === 0
      ? 'Write tenants/NAME.yaml, or start from: rollcall init DIR --example'
      : `Add --tenant with one of: ${tenants.join(', ')}.`,
  );
}

/** The door of the one tenant that a command works on. */
export async function doorOf(project: OpenProject): Promise<TenantDoor> {
  return project.rollcall.tenant(onlyTenant(project.tenants));
}

/** The names of a tenant's directories, in the order of its file. */
export function directoryNames(configuration: ProjectConfiguration, tenant: string): string[] {
  const found = configuration.tenants.find((each) => each.tenant === tenant);
  return found === undefined ? [] : found.directories.map(({ name }) => name);
}
