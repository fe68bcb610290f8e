import type { ProjectConfiguration } from './configuration/read-project.js';
import type { Finding } from './rules/finding.js';

/**
 * Applied tenants that the project's files no longer have: nothing reads them, and nothing ends for their people.
 *
 * @param applied - as `Rollcall.tenants` names them.
 * @param configuration - the whole project; one of chosen tenants would accuse the others.
 */
export function tenantsWithoutFile(
  applied: readonly string[],
  configuration: Pick<ProjectConfiguration, 'tenants'>,
): Finding[] {
  const inFiles = new Set(configuration.tenants.map(({ tenant }) => tenant));
  return applied
    .filter((tenant) => !inFiles.has(tenant))
    .map((tenant) => ({
      severity: 'warning',
      code: 'RC_TENANT_FILE_MISSING',
      message: `Tenant ${tenant} was applied, and its file is gone. Its people and their history stay as they are: nobody leaves, and no command reaches them.`,
      where: { tenant },
      mend: `Put the file back, with "tenant: ${tenant}" in it, and run: rollcall apply`,
    }));
}
