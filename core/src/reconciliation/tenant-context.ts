import type { Catalogue } from '../model/catalogue.js';
import { matchKeys } from '../correlation/match-keys.js';
import type { Claims } from '../model/claims.js';
import type { Rules } from '../model/rules.js';
import type { CompiledMapping } from '../mapping/mapping-file.js';
import type { MappingVersionRow, RulesVersionRow } from '../rules/tables.js';
import type { Sql } from '../store/table.js';
import { listDirectories, type Directory } from '../tenancy/directories.js';
import type { TenantRow } from '../tenancy/tables.js';
import type { IdSource } from '../tokens.js';

/** Turns a stored mapping text into something that maps; caches by version. */
export type CompileMapping = (
  row: { file: string; text: string; version: string },
  catalogue: Catalogue,
) => CompiledMapping;

/** Everything about a tenant that a pass needs and that does not change while it runs. */
export interface TenantContext {
  tenantId: string;
  timeZone: string;
  catalogue: Catalogue;
  rules: Rules;
  rulesVersion: number;
  directories: readonly Directory[];
  byId: ReadonlyMap<string, Directory>;
  byName: ReadonlyMap<string, Directory>;
  /** By `directory id / kind`. */
  mappings: ReadonlyMap<string, CompiledMapping>;
  ids: IdSource;
  /** Match keys of a record's claims, by rule. */
  keysOf(claims: Claims): Record<string, string | null>;
}

/** What a tenant's configuration in force brought: its rules and the texts of its mappings. */
interface InForce {
  rules: Rules;
  mappings: readonly MappingVersionRow[];
}

/** Remembers what the configurations in force brought, by their hash: most passes find them unchanged. One a store. */
export class Configurations {
  readonly #known = new Map<string, { key: string; inForce: InForce }>();

  /** What the tenant's configuration brought, looked up once for each configuration. */
  async get(tenant: TenantRow, directories: readonly Directory[], look: () => Promise<InForce>): Promise<InForce> {
    // Tenant and directories are read one after the other: an `apply` in between must not be remembered as what was before.
    const inUse = directories.map(({ id, mappings }) => [id, mappings.user, mappings.group]);
    const key = JSON.stringify([tenant.configuration_hash, tenant.rules_version, inUse]);
    const known = this.#known.get(tenant.id);
    if (known?.key === key) return known.inForce;
    const inForce = await look();
    if (this.#known.size >= MOST_TENANTS) this.#known.clear();
    this.#known.set(tenant.id, { key, inForce });
    return inForce;
  }
}

const MOST_TENANTS = 1_000;

/** What loading a tenant needs. */
export interface LoadingTools {
  ids: IdSource;
  compile: CompileMapping;
  catalogue: (custom: string) => Catalogue;
  configurations: Configurations;
}

/** Loads a tenant; null when it was never applied. Reads committed rows only, since it remembers them. */
export async function loadTenantContext(
  sql: Sql,
  tenantId: string,
  tools: LoadingTools,
): Promise<TenantContext | null> {
  const tenant = (await sql('tenant').where({ id: tenantId }).first()) as TenantRow | undefined;
  if (tenant === undefined) return null;
  const catalogue = tools.catalogue(tenant.custom);
  const directories = await listDirectories(sql, tenantId);
  const { rules, mappings } = await tools.configurations.get(tenant, directories, () =>
    loadInForce(sql, tenant, directories),
  );
  return {
    tenantId,
    timeZone: tenant.time_zone,
    catalogue,
    rules,
    rulesVersion: tenant.rules_version,
    directories,
    byId: new Map(directories.map((directory) => [directory.id, directory])),
    byName: new Map(directories.map((directory) => [directory.name, directory])),
    mappings: new Map(mappings.map((row) => [`${row.directory_id}/${row.kind}`, tools.compile(row, catalogue)])),
    ids: tools.ids,
    keysOf: (claims) => matchKeys(claims, rules.correlation, catalogue),
  };
}

async function loadInForce(sql: Sql, tenant: TenantRow, directories: readonly Directory[]): Promise<InForce> {
  const rules = (await sql('rules_version')
    .where({ tenant_id: tenant.id, version: tenant.rules_version })
    .first()) as RulesVersionRow;
  const inUse = new Set(
    directories.flatMap(({ id, mappings }) => [`${id}/user/${mappings.user}`, `${id}/group/${mappings.group}`]),
  );
  const rows = (await sql('mapping_version').where({ tenant_id: tenant.id })) as MappingVersionRow[];
  return {
    rules: JSON.parse(rules.rules) as Rules,
    mappings: rows.filter((row) => inUse.has(`${row.directory_id}/${row.kind}/${row.version}`)),
  };
}

/** True for a directory whose records take part: draft and shadow ones are left out of every partition and resolution. */
export function takesPart(directory: Directory | undefined): boolean {
  return directory?.mode === 'live' || directory?.mode === 'retired';
}
