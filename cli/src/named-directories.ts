import { nearestName } from '@rollcall/core/errors';
import { directoryNames, type OpenProject } from './project.js';
import { UsageError } from './usage-error.js';

/** The directories named on a command line, sorted by the tenants that have them. */
export interface NamedDirectories {
  /** The project with those tenants alone that have one of them. */
  readonly project: OpenProject;
  of(tenant: string): { directories?: readonly string[] };
}

/** Finds the named directories among the tenants of the command line; no name means all of every tenant. */
export function directoriesOfTenants(project: OpenProject, named: readonly string[]): NamedDirectories {
  if (named.length === 0) return { project, of: () => ({}) };
  const known = new Map(project.tenants.map((tenant) => [tenant, directoryNames(project.configuration, tenant)]));
  const unknown = named.find((name) => ![...known.values()].some((names) => names.includes(name)));
  if (unknown !== undefined) throw unknownDirectory(unknown, [...new Set([...known.values()].flat())]);
  const ofTenant = (tenant: string): string[] => named.filter((name) => known.get(tenant)?.includes(name) === true);
  return {
    project: { ...project, tenants: project.tenants.filter((tenant) => ofTenant(tenant).length > 0) },
    of: (tenant) => ({ directories: ofTenant(tenant) }),
  };
}

function unknownDirectory(name: string, known: readonly string[]): UsageError {
  const meant = nearestName(name, known);
  return new UsageError(
    'RC_USAGE_DIRECTORY_UNKNOWN',
    `There is no directory "${name}".`,
    meant === null ? `Directories: ${known.join(', ')}.` : `Did you mean "${meant}"?`,
  );
}
