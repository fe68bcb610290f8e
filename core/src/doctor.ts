import { isRollcallError, type RollcallError } from '@rollcall/connector-kit';
import type { ProjectConfiguration } from './configuration/read-project.js';
import { checkSettings, resolveSettings } from './configuration/settings.js';
import type { ConnectorRegistry } from './connectors/registry.js';
import { configurationHash } from './reconciliation/apply-configuration.js';
import { findingOf, type Finding } from './rules/finding.js';
import { refuseNewer } from './store/migrate.js';
import type { Store } from './store/store.js';
import type { TenantRow } from './tenancy/tables.js';

/** What is examined. */
export interface Patient {
  store: Store;
  registry: ConnectorRegistry;
  env: Readonly<Record<string, string | undefined>>;
  configuration?: ProjectConfiguration;
}

/** Looks for what is wrong with store, connectors, settings, secrets and what was not applied. */
export async function examine(patient: Patient): Promise<Finding[]> {
  const findings: Finding[] = [...(await examineStore(patient)), ...(await patient.registry.check())];
  for (const tenant of patient.configuration?.tenants ?? []) {
    findings.push(...tenant.warnings);
    for (const directory of tenant.directories) {
      try {
        const { where } = directory.places;
        const definition = await patient.registry.get(directory.connector, {
          ...where,
          ...directory.places.valuePlace(['connector']),
        });
        checkSettings(directory.settings, definition.settings, directory.settingsPlaces);
        await resolveSettings(directory.settings, definition.settings, {
          root: patient.configuration?.root ?? '',
          env: patient.env,
          where,
          places: directory.settingsPlaces,
        });
      } catch (error) {
        findings.push(...asFindings(error));
      }
    }
  }
  return findings;
}

async function examineStore({ store, configuration }: Patient): Promise<Finding[]> {
  try {
    const status = await refuseNewer(store);
    if (status.version === 0) return [warning('RC_NOT_APPLIED', 'Nothing was applied yet.', 'Run: rollcall apply')];
    const findings: Finding[] = [];
    if (status.pending.length > 0)
      findings.push(
        warning(
          'RC_STORE_OLDER',
          `The database lacks ${status.pending.length} migrations.`,
          'Run: rollcall db migrate',
        ),
      );
    const rows = await store.read((sql): Promise<TenantRow[]> => sql<TenantRow>('tenant').select());
    for (const tenant of configuration?.tenants ?? []) {
      const row = rows.find((candidate) => candidate.id === tenant.tenant);
      if (row?.configuration_hash !== configurationHash(tenant))
        findings.push(
          warning(
            'RC_NOT_APPLIED',
            `The files of tenant ${tenant.tenant} differ from what is in force.`,
            'Run: rollcall apply',
          ),
        );
    }
    return findings;
  } catch (error) {
    return asFindings(error);
  }
}

function warning(code: `RC_${string}`, message: string, mend: string): Finding {
  return { severity: 'warning', code, message, where: {}, mend };
}

function asFindings(error: unknown): Finding[] {
  if (!isRollcallError(error)) throw error;
  const all: readonly RollcallError[] = error.errors.length > 0 ? error.errors : [error];
  return all.map(findingOf);
}
